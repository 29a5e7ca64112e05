# GuardDuty: detectors, and what an organization does for its accounts.

resource "guardduty.detector" {
  terraform      = "aws_guardduty_detector"
  cloudformation = "AWS::GuardDuty::Detector"

  attribute "enabled" {
    type           = bool
    terraform      = enable
    cloudformation = Enable
    # CloudFormation demands it: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/guardduty_detector
    absent_terraform = true
  }
}

# Declared by the administrator of an organization, on its own detector.
resource "guardduty.organization_configuration" {
  terraform = "aws_guardduty_organization_configuration"

  # ALL, NEW or NONE: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateOrganizationConfiguration.html
  attribute "auto_enable_members" {
    type      = string
    terraform = auto_enable_organization_members
  }
  # Its predecessor, for new accounts.
  attribute "auto_enable" {
    type      = bool
    terraform = auto_enable
    absent    = false
  }
}
