# CloudWatch: groups of logs.

resource "cloudwatch.log_group" {
  terraform      = "aws_cloudwatch_log_group"
  cloudformation = "AWS::Logs::LogGroup"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = LogGroupName
  }
}
