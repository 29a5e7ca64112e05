# IAM: roles, policies, users and groups.

resource "iam.role" {
  terraform      = "aws_iam_role"
  cloudformation = "AWS::IAM::Role"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = RoleName
  }
}

resource "iam.policy" {
  terraform      = "aws_iam_policy"
  cloudformation = "AWS::IAM::ManagedPolicy"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = ManagedPolicyName
  }
}

resource "iam.user" {
  terraform      = "aws_iam_user"
  cloudformation = "AWS::IAM::User"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = UserName
  }
}

resource "iam.group" {
  terraform      = "aws_iam_group"
  cloudformation = "AWS::IAM::Group"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = GroupName
  }
}

# The provider renders the document when it plans.
computed "data.aws_iam_policy_document" {
  json          = policy_text(self)
  minified_json = policy_text(self)
}

# One for the account. It is replaced whole: what is left out has the default of the service.
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
resource "iam.password_policy" {
  terraform = "aws_iam_account_password_policy"

  attribute "min_length" {
    type      = number
    terraform = minimum_password_length
    absent    = 6
  }
  attribute "required.uppercase" {
    type      = bool
    terraform = require_uppercase_characters
    absent    = false
  }
  attribute "required.lowercase" {
    type      = bool
    terraform = require_lowercase_characters
    absent    = false
  }
  attribute "required.numbers" {
    type      = bool
    terraform = require_numbers
    absent    = false
  }
  attribute "required.symbols" {
    type      = bool
    terraform = require_symbols
    absent    = false
  }
  # Days; 0: for ever.
  attribute "max_age" {
    type      = number
    terraform = max_password_age
    absent    = 0
  }
  attribute "remembered" {
    type      = number
    terraform = password_reuse_prevention
    absent    = 0
  }
}

resource "iam.analyzer" {
  terraform      = "aws_accessanalyzer_analyzer"
  cloudformation = "AWS::AccessAnalyzer::Analyzer"

  attribute "kind" {
    type           = string
    terraform      = type
    cloudformation = Type
    # CloudFormation demands it:
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/accessanalyzer_analyzer
    absent_terraform = "ACCOUNT"
  }
}
