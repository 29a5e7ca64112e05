# Where secrets are kept: Secrets Manager, and parameters of Systems Manager.

resource "secretsmanager.secret_version" {
  terraform = "aws_secretsmanager_secret_version"

  attribute "value" {
    type      = any
    terraform = secret_string
  }
}

resource "ssm.parameter" {
  terraform = "aws_ssm_parameter"

  attribute "kind" {
    type      = string
    terraform = type
  }
  attribute "value" {
    type      = any
    terraform = value
  }
}
