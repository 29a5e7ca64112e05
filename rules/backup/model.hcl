# AWS Backup: plans.

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
