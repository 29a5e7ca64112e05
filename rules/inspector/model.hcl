# Amazon Inspector. CloudFormation has no resource type that switches it on.

resource "inspector.enabler" {
  terraform = "aws_inspector2_enabler"

  attribute "resource_types" {
    type      = strings
    terraform = resource_types
    absent    = []
  }
}

# What is switched on for the accounts that join the organization.
resource "inspector.organization" {
  terraform = "aws_inspector2_organization_configuration"

  attribute "ec2" {
    type      = bool
    terraform = auto_enable[0].ec2
    absent    = false
  }
  attribute "ecr" {
    type      = bool
    terraform = auto_enable[0].ecr
    absent    = false
  }
}
