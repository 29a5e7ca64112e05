# Systems Manager: what runs on instances by itself, and documents.

# A document that State Manager runs on a schedule.
resource "ssm.association" {
  terraform      = "aws_ssm_association"
  cloudformation = "AWS::SSM::Association"

  attribute "document" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  # Without one it runs only when it is made or changed:
  # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateAssociation.html
  attribute "schedule" {
    type           = string
    terraform      = schedule_expression
    cloudformation = ScheduleExpression
  }
  attribute "operation" {
    type           = strings
    terraform      = parameters.Operation
    cloudformation = Parameters.Operation
    absent         = []
  }
}

resource "ssm.maintenance_window_task" {
  terraform      = "aws_ssm_maintenance_window_task"
  cloudformation = "AWS::SSM::MaintenanceWindowTask"

  # The name of a document, or an ARN.
  attribute "task" {
    type           = string
    terraform      = task_arn
    cloudformation = TaskArn
  }
  attribute "operation" {
    type = strings
    cloudformation = [
      TaskInvocationParameters.MaintenanceWindowRunCommandParameters.Parameters.Operation,
      TaskParameters.Operation.Values,
    ]
    absent = []
  }
  list "parameters" {
    terraform = task_invocation_parameters[0].run_command_parameters[0].parameter
    attribute "name" {
      type      = string
      terraform = name
    }
    attribute "values" {
      type      = strings
      terraform = values
    }
  }
}

resource "ssm.service_setting" {
  terraform      = "aws_ssm_service_setting"
  cloudformation = "AWS::SSM::ServiceSetting"

  # A name, or an ARN that ends with it.
  attribute "setting" {
    type           = string
    terraform      = setting_id
    cloudformation = SettingId
  }
  attribute "value" {
    type           = string
    terraform      = setting_value
    cloudformation = SettingValue
  }
}

resource "ssm.document" {
  terraform      = "aws_ssm_document"
  cloudformation = "AWS::SSM::Document"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
  attribute "document_type" {
    type                  = string
    terraform             = document_type
    cloudformation        = DocumentType
    absent_cloudformation = "Command"
  }
  # What a document of the type Session sets.
  # https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
  attribute "session.kms_key" {
    type           = string
    terraform      = json(content).inputs.kmsKeyId
    cloudformation = json(Content).inputs.kmsKeyId
    absent         = ""
  }
  attribute "session.bucket" {
    type           = string
    terraform      = json(content).inputs.s3BucketName
    cloudformation = json(Content).inputs.s3BucketName
    absent         = ""
  }
  attribute "session.bucket_encrypted" {
    type           = bool
    terraform      = json(content).inputs.s3EncryptionEnabled
    cloudformation = json(Content).inputs.s3EncryptionEnabled
    absent         = false
  }
  attribute "session.log_group" {
    type           = string
    terraform      = json(content).inputs.cloudWatchLogGroupName
    cloudformation = json(Content).inputs.cloudWatchLogGroupName
    absent         = ""
  }
  attribute "session.log_group_encrypted" {
    type           = bool
    terraform      = json(content).inputs.cloudWatchEncryptionEnabled
    cloudformation = json(Content).inputs.cloudWatchEncryptionEnabled
    absent         = false
  }
}

# Default host management: every instance gets a role for Systems Manager, whatever else it has.
# https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html
account "manages_all_instances" {
  value = anytrue([
    for s in resources.ssm.service_setting :
    endswith(s.setting, "/ssm/managed-instance/default-ec2-instance-management-role") && s.value != ""
    if s.provider == self.provider
  ])
}
