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
  # A profile holds one role at most; CloudFormation takes a list.
  attribute "roles" {
    type           = strings
    terraform      = role
    cloudformation = Roles
  }
}
