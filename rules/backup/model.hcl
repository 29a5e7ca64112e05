# AWS Backup: plans, and what they are for.

resource "backup.plan" {
  terraform      = "aws_backup_plan"
  cloudformation = "AWS::Backup::BackupPlan"

  list "rules" {
    terraform      = rule
    cloudformation = BackupPlan.BackupPlanRule
    attribute "schedule" {
      type           = string
      terraform      = schedule
      cloudformation = ScheduleExpression
      # Once a day, at a time that the service has chosen.
      # https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
      absent = "cron(0 5 ? * * *)"
    }
    attribute "delete_after" {
      type           = number
      terraform      = lifecycle[0].delete_after
      cloudformation = Lifecycle.DeleteAfterDays
    }
    attribute "cold_storage_after" {
      type           = number
      terraform      = lifecycle[0].cold_storage_after
      cloudformation = Lifecycle.MoveToColdStorageAfterDays
    }
    attribute "continuous" {
      type           = bool
      terraform      = enable_continuous_backup
      cloudformation = EnableContinuousBackup
      # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
      absent = false
    }
  }
}

# A tag by which resources are selected.
shape "tag" {
  attribute "key" {
    type           = string
    terraform      = key
    cloudformation = ConditionKey
  }
  attribute "value" {
    type           = string
    terraform      = value
    cloudformation = ConditionValue
  }
}

# The resources of a plan. Without anything said, all that the service supports:
# https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
resource "backup.selection" {
  terraform      = "aws_backup_selection"
  cloudformation = "AWS::Backup::BackupSelection"

  # ARNs, with `*` for any text.
  attribute "resources" {
    type           = strings
    terraform      = resources
    cloudformation = BackupSelection.Resources
    absent         = []
  }
  attribute "not_resources" {
    type           = strings
    terraform      = not_resources
    cloudformation = BackupSelection.NotResources
    absent         = []
  }
  # One of these tags is enough.
  list "tags" {
    shape          = tag
    terraform      = selection_tag
    cloudformation = BackupSelection.ListOfTags
  }
  # All of these have to hold; keys are `aws:ResourceTag/...`.
  list "equals" {
    shape          = tag
    terraform      = condition[*].string_equals
    cloudformation = BackupSelection.Conditions.StringEquals
  }
  list "like" {
    shape          = tag
    terraform      = condition[*].string_like
    cloudformation = BackupSelection.Conditions.StringLike
  }
  list "not_equals" {
    shape          = tag
    terraform      = condition[*].string_not_equals
    cloudformation = BackupSelection.Conditions.StringNotEquals
  }
  list "not_like" {
    shape          = tag
    terraform      = condition[*].string_not_like
    cloudformation = BackupSelection.Conditions.StringNotLike
  }
}
