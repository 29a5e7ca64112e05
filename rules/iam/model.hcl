# IAM: roles, policies, users and groups.

# `permissions`: what is allowed, a policy document or a list of them. `principals`: the names of the roles, users and
# groups that get it.
resource "iam.role" {
  terraform      = "aws_iam_role"
  cloudformation = "AWS::IAM::Role"
  identity       = [name, RoleName]

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = RoleName
  }
  # Who may take the role on.
  attribute "trust" {
    type           = any
    terraform      = assume_role_policy
    cloudformation = AssumeRolePolicyDocument
  }
  attribute "permissions" {
    type           = any
    terraform      = inline_policy[*].policy
    cloudformation = Policies[*].PolicyDocument
    absent         = []
  }
  # ARNs. Attachments are resources of their own.
  attribute "managed_policies" {
    type           = strings
    terraform      = managed_policy_arns
    cloudformation = ManagedPolicyArns
    absent         = []
  }
  attribute "principals" {
    type           = strings
    terraform      = name
    cloudformation = RoleName
    absent         = unknown("the name is generated")
  }
  # Without one what the policies allow has no bound:
  # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
  attribute "permissions_boundary" {
    type           = string
    terraform      = permissions_boundary
    cloudformation = PermissionsBoundary
  }
}

resource "iam.policy" {
  terraform      = "aws_iam_policy"
  cloudformation = "AWS::IAM::ManagedPolicy"
  identity       = [name, ManagedPolicyName]

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = ManagedPolicyName
  }
  attribute "permissions" {
    type           = any
    terraform      = policy
    cloudformation = PolicyDocument
  }
  attribute "principals" {
    type           = strings
    terraform      = none
    cloudformation = [Roles, Users, Groups]
    absent         = []
  }
  # Which name more of them.
  list "attachments" {
    attribute "principals" {
      type      = strings
      terraform = [role, user, group, roles, users, groups]
    }
    satellite "aws_iam_role_policy_attachment" {
      parent = policy_arn
    }
    satellite "aws_iam_user_policy_attachment" {
      parent = policy_arn
    }
    satellite "aws_iam_group_policy_attachment" {
      parent = policy_arn
    }
    satellite "aws_iam_policy_attachment" {
      parent = policy_arn
    }
  }
}

resource "iam.user" {
  terraform      = "aws_iam_user"
  cloudformation = "AWS::IAM::User"
  identity       = [name, UserName]

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = UserName
  }
  attribute "permissions" {
    type           = any
    terraform      = none
    cloudformation = Policies[*].PolicyDocument
    absent         = []
  }
  # ARNs.
  attribute "managed_policies" {
    type           = strings
    terraform      = none
    cloudformation = ManagedPolicyArns
    absent         = []
  }
  attribute "principals" {
    type           = strings
    terraform      = name
    cloudformation = UserName
    absent         = unknown("the name is generated")
  }
  # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
  attribute "permissions_boundary" {
    type           = string
    terraform      = permissions_boundary
    cloudformation = PermissionsBoundary
  }
}

resource "iam.group" {
  terraform      = "aws_iam_group"
  cloudformation = "AWS::IAM::Group"
  identity       = [name, GroupName]

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = GroupName
  }
  attribute "permissions" {
    type           = any
    terraform      = none
    cloudformation = Policies[*].PolicyDocument
    absent         = []
  }
  # ARNs.
  attribute "managed_policies" {
    type           = strings
    terraform      = none
    cloudformation = ManagedPolicyArns
    absent         = []
  }
  attribute "principals" {
    type           = strings
    terraform      = name
    cloudformation = GroupName
    absent         = unknown("the name is generated")
  }
}

# The provider renders the document when it plans.
computed "data.aws_iam_policy_document" {
  json          = policy_text(self)
  minified_json = policy_text(self)
}

# A policy that is part of a role, a user or a group, written as a resource of its own.
resource "iam.inline_policy" {
  terraform      = ["aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"]
  cloudformation = ["AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy"]

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = PolicyName
  }
  attribute "permissions" {
    type           = any
    terraform      = policy
    cloudformation = PolicyDocument
  }
  attribute "principals" {
    type           = strings
    terraform      = [role, user, group]
    cloudformation = [Roles, RoleName, Users, UserName, Groups, GroupName]
  }
}

resource "iam.policy_attachment" {
  terraform = [
    "aws_iam_role_policy_attachment",
    "aws_iam_user_policy_attachment",
    "aws_iam_group_policy_attachment",
    "aws_iam_policy_attachment",
  ]

  # An ARN.
  attribute "managed_policies" {
    type      = strings
    terraform = policy_arn
  }
  attribute "principals" {
    type      = strings
    terraform = [role, user, group, roles, users, groups]
  }
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
