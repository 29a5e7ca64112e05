# App Runner.

resource "apprunner.service" {
  terraform      = "aws_apprunner_service"
  cloudformation = "AWS::AppRunner::Service"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "image" {
    type           = string
    terraform      = source_configuration[0].image_repository[0].image_identifier
    cloudformation = SourceConfiguration.ImageRepository.ImageIdentifier
  }
}
