# KMS keys and their aliases.

resource "kms.alias" {
  terraform      = "aws_kms_alias"
  cloudformation = "AWS::KMS::Alias"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = AliasName
  }
}
