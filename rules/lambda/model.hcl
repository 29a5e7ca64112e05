# Lambda functions.

resource "lambda.function" {
  terraform      = "aws_lambda_function"
  cloudformation = "AWS::Lambda::Function"

  attribute "name" {
    type           = string
    terraform      = function_name
    cloudformation = FunctionName
  }
}
