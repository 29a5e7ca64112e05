# SQS queues.

resource "sqs.queue" {
  terraform      = "aws_sqs_queue"
  cloudformation = "AWS::SQS::Queue"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = QueueName
  }
}
