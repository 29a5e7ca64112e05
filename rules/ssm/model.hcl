# Systems Manager: what runs on instances by itself.

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
