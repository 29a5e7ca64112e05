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
  identity       = [alarm_name, AlarmName]

  attribute "name" {
    type           = string
    terraform      = alarm_name
    cloudformation = AlarmName
  }
  attribute "actions_enabled" {
    type           = bool
    terraform      = actions_enabled
    cloudformation = ActionsEnabled
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    absent = true
  }
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
  # What looks at its state by itself: deployments, refreshes, health checks, experiments.
  list "watchers" {
    terraform      = none
    cloudformation = none
    satellite "aws_autoscaling_group" {
      parent = instance_refresh[0].preferences[0].alarm_specification[0].alarms
    }
    satellite "aws_codedeploy_deployment_group" {
      parent = alarm_configuration[0].alarms
    }
    satellite "AWS::CodeDeploy::DeploymentGroup" {
      parent = AlarmConfiguration.Alarms[*].Name
    }
    satellite "aws_ecs_service" {
      parent = alarms[0].alarm_names
    }
    satellite "AWS::ECS::Service" {
      parent = DeploymentConfiguration.Alarms.AlarmNames
    }
    satellite "aws_appconfig_environment" {
      parent = monitor[*].alarm_arn
    }
    satellite "AWS::AppConfig::Environment" {
      parent = Monitors[*].AlarmArn
    }
    satellite "aws_route53_health_check" {
      parent = cloudwatch_alarm_name
    }
    satellite "AWS::Route53::HealthCheck" {
      parent = HealthCheckConfig.AlarmIdentifier.Name
    }
    satellite "aws_fis_experiment_template" {
      parent = stop_condition[*].value
    }
    satellite "AWS::FIS::ExperimentTemplate" {
      parent = StopConditions[*].Value
    }
  }
}

# An alarm on other alarms.
resource "cloudwatch.composite_alarm" {
  terraform      = "aws_cloudwatch_composite_alarm"
  cloudformation = "AWS::CloudWatch::CompositeAlarm"

  attribute "actions_enabled" {
    type           = bool
    terraform      = actions_enabled
    cloudformation = ActionsEnabled
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
    absent = true
  }
  attribute "actions" {
    type           = strings
    terraform      = alarm_actions
    cloudformation = AlarmActions
    absent         = []
  }
  attribute "rule" {
    type           = string
    terraform      = alarm_rule
    cloudformation = AlarmRule
  }
}
