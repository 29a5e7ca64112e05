# Lambda functions and layers.

resource "lambda.function" {
  terraform      = "aws_lambda_function"
  cloudformation = "AWS::Lambda::Function"

  attribute "name" {
    type           = string
    terraform      = function_name
    cloudformation = FunctionName
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
  attribute "package_type" {
    type           = string
    terraform      = package_type
    cloudformation = PackageType
    absent         = "Zip"
  }
  # A container image has none.
  attribute "runtime" {
    type           = string
    terraform      = runtime
    cloudformation = Runtime
  }
  attribute "image" {
    type           = string
    terraform      = image_uri
    cloudformation = Code.ImageUri
  }
  attribute "environment" {
    type           = any
    terraform      = environment[0].variables
    cloudformation = Environment.Variables
    absent         = {}
  }
}

resource "lambda.layer" {
  terraform      = "aws_lambda_layer_version"
  cloudformation = "AWS::Lambda::LayerVersion"

  attribute "runtimes" {
    type           = strings
    terraform      = compatible_runtimes
    cloudformation = CompatibleRuntimes
  }
}
