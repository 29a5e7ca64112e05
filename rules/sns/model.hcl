# SNS topics.

resource "sns.topic" {
  terraform      = "aws_sns_topic"
  cloudformation = "AWS::SNS::Topic"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = TopicName
  }
}
