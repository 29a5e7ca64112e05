# The configuration of Terraform's provider for AWS. Templates have none.

resource "provider.aws" {
  terraform = "provider.aws"

  attribute "access_key" {
    type      = string
    terraform = access_key
  }
  attribute "secret_key" {
    type      = string
    terraform = secret_key
  }
  attribute "token" {
    type      = string
    terraform = token
  }
  # What stands in for AWS in tests takes any credentials, and cannot check them.
  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs#skip_credentials_validation
  attribute "skip_credentials_validation" {
    type      = bool
    terraform = skip_credentials_validation
    absent    = false
  }
}
