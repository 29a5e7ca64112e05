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
    required       = true
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
  # What is attached to it by resources of their own: managed policies, and policies of the role alone.
  list "attached_policies" {
    terraform      = none
    cloudformation = none

    attribute "arn" {
      type      = any
      terraform = policy_arn
    }
    satellite "aws_iam_role_policy_attachment" {
      parent = role
    }
    satellite "aws_iam_policy_attachment" {
      parent = roles
    }
  }
  list "own_policies" {
    terraform      = none
    cloudformation = none

    attribute "permissions" {
      type           = any
      terraform      = policy
      cloudformation = PolicyDocument
    }
    satellite "aws_iam_role_policy" {
      parent = role
    }
    satellite "AWS::IAM::Policy" {
      parent = Roles
    }
    satellite "AWS::IAM::RolePolicy" {
      parent = RoleName
    }
    satellite "AWS::IAM::ManagedPolicy" {
      parent = Roles
    }
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
    required       = true
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
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
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
  # The password for the console.
  attribute "login_profile" {
    type           = any
    terraform      = none
    cloudformation = LoginProfile

    satellite "aws_iam_user_login_profile" {
      parent = user
    }
  }
  # Names of groups, as far as the user itself says them.
  attribute "groups" {
    type           = strings
    terraform      = none
    cloudformation = Groups
  }
  list "memberships" {
    terraform      = none
    cloudformation = none

    attribute "groups" {
      type           = strings
      terraform      = [groups, group]
      cloudformation = GroupName
    }
    satellite "aws_iam_user_group_membership" {
      parent = user
    }
    satellite "aws_iam_group_membership" {
      parent = users
    }
    satellite "AWS::IAM::UserToGroupAddition" {
      parent = Users
    }
  }
  list "access_keys" {
    terraform      = none
    cloudformation = none

    satellite "aws_iam_access_key" {
      parent = user
    }
    satellite "AWS::IAM::AccessKey" {
      parent = UserName
    }
  }
  # Policies that are part of the user.
  list "inline_policies" {
    terraform      = none
    cloudformation = Policies

    # The user, or the users, that a policy names which is a resource of its own.
    attribute "user" {
      type           = string
      terraform      = user
      cloudformation = none
    }
    attribute "users" {
      type           = strings
      terraform      = none
      cloudformation = none
    }
    attribute "permissions" {
      type           = any
      terraform      = policy
      cloudformation = PolicyDocument
    }
    satellite "aws_iam_user_policy" {
      parent = user
    }
    satellite "AWS::IAM::UserPolicy" {
      parent   = UserName
      spelling = { user = UserName }
    }
    satellite "AWS::IAM::Policy" {
      parent   = Users
      spelling = { users = Users }
    }
  }
  # Attachments that are resources of their own.
  list "attachments" {
    terraform      = none
    cloudformation = none

    attribute "user" {
      type           = string
      terraform      = [user, user_name]
      cloudformation = none
    }
    attribute "users" {
      type           = strings
      terraform      = users
      cloudformation = Users
    }
    # ARNs. One that is exclusive says all that the user has, perhaps none.
    attribute "policy" {
      type           = string
      terraform      = policy_arn
      cloudformation = none
    }
    attribute "exclusive" {
      type           = strings
      terraform      = policy_arns
      cloudformation = none
    }
    # Those of the policy itself, where it names its users.
    attribute "permissions" {
      type           = any
      terraform      = none
      cloudformation = PolicyDocument
    }
    satellite "aws_iam_user_policy_attachment" {
      parent = user
    }
    satellite "aws_iam_policy_attachment" {
      parent = users
    }
    satellite "aws_iam_user_policy_attachments_exclusive" {
      parent = user_name
    }
    satellite "AWS::IAM::ManagedPolicy" {
      parent = Users
    }
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
  # Who says that users belong to it.
  list "members" {
    terraform      = none
    cloudformation = none

    # A list, or what says itself to which groups it belongs.
    attribute "users" {
      type           = strings
      terraform      = users
      cloudformation = Users
    }
    satellite "aws_iam_group_membership" {
      parent = group
    }
    satellite "aws_iam_user_group_membership" {
      parent = groups
    }
    satellite "AWS::IAM::UserToGroupAddition" {
      parent = GroupName
    }
    satellite "AWS::IAM::User" {
      parent = Groups
    }
  }
  # Policies that are part of the group.
  list "inline_policies" {
    terraform      = none
    cloudformation = Policies

    attribute "permissions" {
      type           = any
      terraform      = policy
      cloudformation = PolicyDocument
    }
    satellite "aws_iam_group_policy" {
      parent = group
    }
    satellite "AWS::IAM::GroupPolicy" {
      parent = GroupName
    }
    satellite "AWS::IAM::Policy" {
      parent = Groups
    }
  }
  # Attachments that are resources of their own.
  list "attachments" {
    terraform      = none
    cloudformation = none

    attribute "policy" {
      type           = string
      terraform      = policy_arn
      cloudformation = none
    }
    attribute "exclusive" {
      type           = strings
      terraform      = policy_arns
      cloudformation = none
    }
    attribute "permissions" {
      type           = any
      terraform      = none
      cloudformation = PolicyDocument
    }
    satellite "aws_iam_group_policy_attachment" {
      parent = group
    }
    satellite "aws_iam_policy_attachment" {
      parent = groups
    }
    satellite "aws_iam_group_policy_attachments_exclusive" {
      parent = group_name
    }
    satellite "AWS::IAM::ManagedPolicy" {
      parent = Groups
    }
  }
}

# The provider renders the document when it plans.
computed "data.aws_iam_policy_document" {
  json          = policy_text(self)
  minified_json = policy_text(self)
}

# Found by its name: the account in the ARN and the path are known to AWS only.
computed "data.aws_iam_policy" {
  arn = "arn:${self.policy_id}/${self.name}"
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
    required       = true
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

# Without a status it is active:
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
resource "iam.access_key" {
  terraform      = "aws_iam_access_key"
  cloudformation = "AWS::IAM::AccessKey"

  attribute "user" {
    type           = string
    terraform      = user
    cloudformation = UserName
  }
  attribute "status" {
    type           = string
    terraform      = status
    cloudformation = Status
    absent         = "Active"
  }
  # With it the secret is kept encrypted.
  attribute "pgp_key" {
    type           = string
    terraform      = pgp_key
    cloudformation = none
  }
  # A change of the number replaces the key.
  attribute "serial" {
    type           = number
    terraform      = none
    cloudformation = Serial
  }

  # What replaces the key when it changes.
  attribute "replaced_by" {
    type           = any
    terraform      = meta.lifecycle[0].replace_triggered_by
    cloudformation = none
  }

  relation "owner" {
    to             = iam.user
    terraform      = user
    cloudformation = UserName
  }
  relation "owner_here" {
    to             = iam.user
    terraform      = user
    cloudformation = UserName
    unseen         = absent
  }
}

resource "iam.login_profile" {
  terraform = "aws_iam_user_login_profile"

  attribute "user" {
    type      = string
    terraform = user
  }
}

# In Terraform a device has no user; people enrol it by hand.
resource "iam.mfa_device" {
  cloudformation = "AWS::IAM::VirtualMFADevice"

  attribute "users" {
    type           = strings
    cloudformation = Users
  }
}

# Times that Terraform remembers: of the provider hashicorp/time.
resource "time.rotating" {
  terraform = "time_rotating"

  attribute "minutes" {
    type      = number
    terraform = rotation_minutes
  }
  attribute "hours" {
    type      = number
    terraform = rotation_hours
  }
  attribute "days" {
    type      = number
    terraform = rotation_days
  }
  attribute "months" {
    type      = number
    terraform = rotation_months
  }
  attribute "years" {
    type      = number
    terraform = rotation_years
  }
}

resource "time.static" {
  terraform = "time_static"
}

# What gives a role to instances; that of others is looked up.
resource "iam.instance_profile" {
  terraform      = ["aws_iam_instance_profile", "data.aws_iam_instance_profile"]
  cloudformation = "AWS::IAM::InstanceProfile"
  identity       = [name, InstanceProfileName]

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = InstanceProfileName
  }
  # A profile holds one role at most; CloudFormation takes a list. The role of one that is looked up is read.
  attribute "roles" {
    type           = strings
    terraform      = role
    cloudformation = Roles
    absent         = unknown("the role of the profile is not written here")
  }
}
