# KMS keys and their aliases.

# A key whose material AWS makes, or (in CloudFormation, by its origin) one with imported material.
resource "kms.key" {
  terraform      = "aws_kms_key"
  cloudformation = "AWS::KMS::Key"

  # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-key.html
  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/kms_key
  attribute "enabled" {
    type           = bool
    terraform      = is_enabled
    cloudformation = Enabled
    absent         = true
  }
  attribute "deletion_window" {
    type           = number
    terraform      = deletion_window_in_days
    cloudformation = PendingWindowInDays
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
    absent = 30
  }
  attribute "spec" {
    type           = string
    terraform      = customer_master_key_spec
    cloudformation = KeySpec
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
    absent = "SYMMETRIC_DEFAULT"
  }
  attribute "usage" {
    type           = string
    terraform      = key_usage
    cloudformation = KeyUsage
    absent         = "ENCRYPT_DECRYPT"
  }
  attribute "origin" {
    type           = string
    terraform      = none
    cloudformation = Origin
    absent         = "AWS_KMS"
  }
  attribute "custom_key_store" {
    type           = string
    terraform      = custom_key_store_id
    cloudformation = none
  }
  attribute "multi_region" {
    type           = bool
    terraform      = multi_region
    cloudformation = MultiRegion
    absent         = false
  }
  attribute "rotation.enabled" {
    type           = bool
    terraform      = enable_key_rotation
    cloudformation = EnableKeyRotation
    absent         = false
  }
  attribute "rotation.period" {
    type           = number
    terraform      = rotation_period_in_days
    cloudformation = RotationPeriodInDays
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
    absent = 365
  }
  attribute "deletion.prevented" {
    type           = bool
    terraform      = meta.lifecycle[0].prevent_destroy
    cloudformation = none
    # https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    absent = false
  }
  # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
  attribute "deletion.policy" {
    type           = string
    terraform      = none
    cloudformation = meta.DeletionPolicy
    absent         = "Delete"
  }
  # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatereplacepolicy.html
  attribute "deletion.replace_policy" {
    type           = string
    terraform      = none
    cloudformation = meta.UpdateReplacePolicy
    absent         = "Delete"
  }
}

# A key with imported material. In CloudFormation it is a kms.key with the origin EXTERNAL.
resource "kms.external_key" {
  terraform = "aws_kms_external_key"

  attribute "enabled" {
    type      = bool
    terraform = enabled
    # Not said: enabled once it has material, unless that has expired:
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/kms_external_key
  }
  attribute "deletion_window" {
    type      = number
    terraform = deletion_window_in_days
    absent    = 30
  }
  attribute "deletion.prevented" {
    type      = bool
    terraform = meta.lifecycle[0].prevent_destroy
    # https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    absent = false
  }
}

# The copy of a multi-Region key in another region. It rotates with its primary.
resource "kms.replica_key" {
  terraform      = ["aws_kms_replica_key", "aws_kms_replica_external_key"]
  cloudformation = "AWS::KMS::ReplicaKey"

  attribute "enabled" {
    type           = bool
    terraform      = enabled
    cloudformation = Enabled
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/kms_replica_key
    absent = true
  }
  attribute "deletion_window" {
    type           = number
    terraform      = deletion_window_in_days
    cloudformation = PendingWindowInDays
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
    absent = 30
  }
  attribute "deletion.prevented" {
    type           = bool
    terraform      = meta.lifecycle[0].prevent_destroy
    cloudformation = none
    # https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    absent = false
  }
  # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
  attribute "deletion.policy" {
    type           = string
    terraform      = none
    cloudformation = meta.DeletionPolicy
    absent         = "Delete"
  }
  # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatereplacepolicy.html
  attribute "deletion.replace_policy" {
    type           = string
    terraform      = none
    cloudformation = meta.UpdateReplacePolicy
    absent         = "Delete"
  }
}

resource "kms.alias" {
  terraform      = "aws_kms_alias"
  cloudformation = "AWS::KMS::Alias"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = AliasName
  }
}
