# EventBridge: rules on events.

resource "eventbridge.rule" {
  terraform      = "aws_cloudwatch_event_rule"
  cloudformation = "AWS::Events::Rule"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
  attribute "state" {
    type           = string
    terraform      = state
    cloudformation = State
    absent         = "ENABLED"
  }
  # The words of the pattern for the type of the event.
  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
  attribute "detail_types" {
    type           = strings
    terraform      = json(event_pattern)["detail-type"][*]
    cloudformation = json(EventPattern)["detail-type"][*]
    absent         = []
  }
}
