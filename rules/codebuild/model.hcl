# CodeBuild.

resource "codebuild.project" {
  terraform      = "aws_codebuild_project"
  cloudformation = "AWS::CodeBuild::Project"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "image" {
    type           = string
    terraform      = environment[0].image
    cloudformation = Environment.Image
  }
}
