# IAM Identity Center: permission sets, from which it makes roles in the accounts.

resource "sso.permission_set" {
  terraform      = "aws_ssoadmin_permission_set"
  cloudformation = "AWS::SSO::PermissionSet"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  # A policy document.
  attribute "permissions" {
    type           = any
    terraform      = none
    cloudformation = InlinePolicy
    absent         = []

    satellite "aws_ssoadmin_permission_set_inline_policy" {
      parent = permission_set_arn
      value  = inline_policy
    }
  }
  # ARNs. In Terraform attachments are resources of their own.
  attribute "managed_policies" {
    type           = strings
    terraform      = none
    cloudformation = ManagedPolicies
    absent         = []
  }
  # The roles that are made have names of their own; the permission set stands for them.
  attribute "principals" {
    type           = strings
    terraform      = name
    cloudformation = Name
  }
}

resource "sso.policy_attachment" {
  terraform = "aws_ssoadmin_managed_policy_attachment"

  # An ARN.
  attribute "managed_policies" {
    type      = strings
    terraform = managed_policy_arn
  }
  relation "permission_set" {
    to        = sso.permission_set
    terraform = permission_set_arn
  }
}
