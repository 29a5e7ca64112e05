# CloudWatch: groups of logs, and alarms.

resource "cloudwatch.log_group" {
  terraform      = "aws_cloudwatch_log_group"
  cloudformation = "AWS::Logs::LogGroup"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = LogGroupName
  }
}

resource "cloudwatch.alarm" {
  terraform      = "aws_cloudwatch_metric_alarm"
  cloudformation = "AWS::CloudWatch::Alarm"

  attribute "metric_name" {
    type           = string
    terraform      = metric_name
    cloudformation = MetricName
  }
  attribute "actions" {
    type           = strings
    terraform      = alarm_actions
    cloudformation = AlarmActions
    absent         = []
  }
  # What the metric is of: a map in Terraform, a list of names and values in CloudFormation.
  attribute "dimensions" {
    type           = any
    terraform      = dimensions
    cloudformation = Dimensions
  }
  # The metrics of an alarm on an expression.
  list "metrics" {
    terraform      = metric_query
    cloudformation = Metrics
    attribute "metric_name" {
      type           = string
      terraform      = metric[0].metric_name
      cloudformation = MetricStat.Metric.MetricName
    }
    attribute "dimensions" {
      type           = any
      terraform      = metric[0].dimensions
      cloudformation = MetricStat.Metric.Dimensions
    }
  }
}
