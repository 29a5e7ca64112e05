# EBS: volumes, snapshots, and what the account encrypts on its own.

resource "ebs.volume" {
  terraform      = "aws_ebs_volume"
  cloudformation = "AWS::EC2::Volume"

  attribute "encrypted" {
    type           = bool
    terraform      = encrypted
    cloudformation = Encrypted
    # Service default without a snapshot: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
    absent = false
  }
  attribute "snapshot" {
    type           = string
    terraform      = snapshot_id
    cloudformation = [SnapshotId, SourceVolumeId]
  }
}

resource "ebs.default_encryption" {
  terraform = "aws_ebs_encryption_by_default"

  attribute "enabled" {
    type      = bool
    terraform = enabled
    absent    = true
  }
}

account "ebs_encryption_by_default" {
  value = anytrue([for d in resources.ebs.default_encryption : d.enabled if d.provider == self.provider])
}
