# EBS: volumes, snapshots, and what the account encrypts on its own.

resource "ebs.volume" {
  terraform      = "aws_ebs_volume"
  cloudformation = "AWS::EC2::Volume"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
    own            = true
  }
  attribute "encrypted" {
    type           = bool
    terraform      = encrypted
    cloudformation = Encrypted
    # Service default without a snapshot; with one, that of the snapshot:
    # https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
    absent = false
  }
  attribute "kms_key" {
    type           = string
    terraform      = kms_key_id
    cloudformation = KmsKeyId
    own            = true
  }
  attribute "snapshot" {
    type           = string
    terraform      = snapshot_id
    cloudformation = SnapshotId
    own            = true
  }
  attribute "volume_type" {
    type           = string
    terraform      = type
    cloudformation = VolumeType
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
    absent = "gp2"
    own    = true
  }
  attribute "size" {
    type           = number
    terraform      = size
    cloudformation = Size
    own            = true
  }
  # The instances it is attached to, as far as an attachment of its own says so.
  list "attachments" {
    own            = true
    terraform      = none
    cloudformation = none
    attribute "instance" {
      type           = string
      terraform      = instance_id
      cloudformation = InstanceId
    }
    satellite "aws_volume_attachment" {
      parent = volume_id
    }
    satellite "AWS::EC2::VolumeAttachment" {
      parent = VolumeId
    }
  }

  relation "source" {
    to             = [ebs.snapshot, ebs.snapshot_copy, ebs.volume]
    terraform      = snapshot_id
    cloudformation = [SnapshotId, SourceVolumeId]
    inherit        = true
  }
}

# Of a volume to an instance; see from the instance.
resource "ebs.volume_attachment" {
  terraform      = "aws_volume_attachment"
  cloudformation = "AWS::EC2::VolumeAttachment"

  attribute "instance" {
    type           = string
    terraform      = instance_id
    cloudformation = InstanceId
  }
  attribute "volume" {
    type           = string
    terraform      = volume_id
    cloudformation = VolumeId
  }
}

# A snapshot of a volume, or one that is imported. CloudFormation has no snapshots.
resource "ebs.snapshot" {
  terraform = ["aws_ebs_snapshot", "aws_ebs_snapshot_import"]

  attribute "tags" {
    type      = tags
    terraform = tags
    absent    = {}
    own       = true
  }
  attribute "encrypted" {
    type = bool
    # Said by an import; a snapshot of a volume is as its volume.
    terraform = encrypted
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/ebs_snapshot_import
    absent = false
  }
  attribute "kms_key" {
    type      = string
    terraform = kms_key_id
    own       = true
  }

  relation "volume" {
    to        = ebs.volume
    terraform = volume_id
    inherit   = true
  }
}

resource "ebs.snapshot_copy" {
  terraform = "aws_ebs_snapshot_copy"

  attribute "tags" {
    type      = tags
    terraform = tags
    absent    = {}
    own       = true
  }
  attribute "encrypted" {
    type      = bool
    terraform = encrypted
    # As its source, unless it says otherwise: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html
    absent = false
  }
  attribute "kms_key" {
    type      = string
    terraform = kms_key_id
    own       = true
  }

  relation "source" {
    to        = [ebs.snapshot, ebs.snapshot_copy]
    terraform = source_snapshot_id
    inherit   = true
  }
}

resource "ebs.snapshot_permission" {
  terraform = "aws_snapshot_create_volume_permission"

  attribute "accounts" {
    type      = strings
    terraform = account_id
  }

  relation "snapshot" {
    to        = [ebs.snapshot, ebs.snapshot_copy]
    terraform = snapshot_id
  }
}

# A policy of Data Lifecycle Manager.
resource "ebs.lifecycle_policy" {
  terraform      = "aws_dlm_lifecycle_policy"
  cloudformation = "AWS::DLM::LifecyclePolicy"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "state" {
    type           = string
    terraform      = state
    cloudformation = State
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/dlm_lifecycle_policy
    absent_terraform = "ENABLED"
  }
  attribute "default_policy" {
    type           = string
    terraform      = default_policy
    cloudformation = DefaultPolicy
  }
  attribute "resource_types" {
    type           = strings
    terraform      = policy_details[0].resource_types
    cloudformation = PolicyDetails.ResourceTypes
  }
  attribute "target_tags" {
    type           = tags
    terraform      = policy_details[0].target_tags
    cloudformation = PolicyDetails.TargetTags
    absent         = {}
  }
  # When it makes copies; none where events do it.
  list "schedules" {
    terraform      = policy_details[0].schedule
    cloudformation = PolicyDetails.Schedules
    # In hours, the only unit there is.
    attribute "interval" {
      type           = number
      terraform      = create_rule[0].interval
      cloudformation = CreateRule.Interval
    }
    attribute "cron" {
      type           = string
      terraform      = create_rule[0].cron_expression
      cloudformation = CreateRule.CronExpression
    }
  }
  # In days, where it is a default policy.
  attribute "default_interval" {
    type           = number
    terraform      = policy_details[0].create_interval
    cloudformation = [CreateInterval, PolicyDetails.CreateInterval]
    # https://docs.aws.amazon.com/dlm/latest/APIReference/API_CreateLifecyclePolicy.html
    absent = 1
  }
  # Copies into other regions: by schedule, and on events.
  list "copies" {
    terraform      = [policy_details[0].schedule[*].cross_region_copy_rule, policy_details[0].action[*].cross_region_copy]
    cloudformation = [PolicyDetails.Schedules[*].CrossRegionCopyRules, PolicyDetails.Actions[*].CrossRegionCopy]
    attribute "encrypted" {
      type           = bool
      terraform      = [encrypted, encryption_configuration[0].encrypted]
      cloudformation = [Encrypted, EncryptionConfiguration.Encrypted]
      # https://docs.aws.amazon.com/dlm/latest/APIReference/API_EncryptionConfiguration.html
      absent = false
    }
    attribute "kms_key" {
      type           = string
      terraform      = [cmk_arn, encryption_configuration[0].cmk_arn]
      cloudformation = [CmkArn, EncryptionConfiguration.CmkArn]
    }
  }
  # The accounts with which it shares snapshots.
  attribute "accounts" {
    type           = strings
    terraform      = policy_details[0].schedule[*].share_rule[*].target_accounts[*]
    cloudformation = PolicyDetails.Schedules[*].ShareRules[*].TargetAccounts[*]
  }
}

resource "ebs.default_encryption" {
  terraform = "aws_ebs_encryption_by_default"

  attribute "enabled" {
    type      = bool
    terraform = enabled
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/ebs_encryption_by_default
    absent = true
  }
}

resource "ebs.snapshot_block_public_access" {
  terraform      = "aws_ebs_snapshot_block_public_access"
  cloudformation = "AWS::EC2::SnapshotBlockPublicAccess"

  attribute "state" {
    type           = string
    terraform      = state
    cloudformation = State
  }
}

account "ebs_encryption_by_default" {
  value = anytrue([for d in resources.ebs.default_encryption : d.enabled if d.provider == self.provider])
}
