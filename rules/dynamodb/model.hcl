# DynamoDB tables.

resource "dynamodb.table" {
  terraform      = "aws_dynamodb_table"
  cloudformation = "AWS::DynamoDB::Table"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = TableName
  }
}
