# AWS Security Hub: the hub of an account in a region, and the standards it checks.

resource "securityhub.hub" {
  terraform      = "aws_securityhub_account"
  cloudformation = "AWS::SecurityHub::Hub"

  # https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html
  attribute "default_standards" {
    type           = bool
    terraform      = enable_default_standards
    cloudformation = EnableDefaultStandards
    absent         = true
  }
}

resource "securityhub.standard" {
  terraform      = "aws_securityhub_standards_subscription"
  cloudformation = "AWS::SecurityHub::Standard"

  attribute "arn" {
    type           = string
    terraform      = standards_arn
    cloudformation = StandardsArn
  }
}

# What the organization has switched on for its accounts.
resource "securityhub.configuration_policy" {
  terraform      = "aws_securityhub_configuration_policy"
  cloudformation = "AWS::SecurityHub::ConfigurationPolicy"

  attribute "standards" {
    type           = strings
    terraform      = configuration_policy[0].enabled_standard_arns
    cloudformation = ConfigurationPolicy.SecurityHub.EnabledStandardIdentifiers
    absent         = []
  }
}
