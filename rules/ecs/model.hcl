# ECS: task definitions with their containers. Terraform has the containers as a JSON text in the words of the API, which the
# provider reads without regard to upper and lower case.

resource "ecs.task_definition" {
  terraform      = "aws_ecs_task_definition"
  cloudformation = "AWS::ECS::TaskDefinition"

  attribute "family" {
    type           = string
    terraform      = family
    cloudformation = Family
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#runtime-platform
  attribute "os" {
    type           = string
    terraform      = runtime_platform[0].operating_system_family
    cloudformation = RuntimePlatform.OperatingSystemFamily
    absent         = "LINUX"
  }

  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
  list "containers" {
    terraform      = json(container_definitions)
    cloudformation = ContainerDefinitions

    attribute "name" {
      type           = string
      terraform      = [name, Name]
      cloudformation = Name
    }
    attribute "image" {
      type           = string
      terraform      = [image, Image]
      cloudformation = Image
    }
    attribute "user" {
      type           = string
      terraform      = [user, User]
      cloudformation = User
      absent         = unknown("the user is decided by the image")
    }
    attribute "privileged" {
      type           = bool
      terraform      = [privileged, Privileged]
      cloudformation = Privileged
      absent         = false
    }
    attribute "readonly_root" {
      type           = bool
      terraform      = [readonlyRootFilesystem, ReadonlyRootFilesystem]
      cloudformation = ReadonlyRootFilesystem
      absent         = false
    }
    attribute "init_process" {
      type           = bool
      terraform      = [linuxParameters.initProcessEnabled, LinuxParameters.InitProcessEnabled]
      cloudformation = LinuxParameters.InitProcessEnabled
      absent         = false
    }
    attribute "log_driver" {
      type           = string
      terraform      = [logConfiguration.logDriver, LogConfiguration.LogDriver]
      cloudformation = LogConfiguration.LogDriver
    }
    # A container that passes on the logs of the others.
    attribute "log_router" {
      type           = any
      terraform      = [firelensConfiguration, FirelensConfiguration]
      cloudformation = FirelensConfiguration
    }
  }

  # The environment variables of all containers.
  list "environment" {
    terraform      = [json(container_definitions)[*].environment, json(container_definitions)[*].Environment]
    cloudformation = ContainerDefinitions[*].Environment

    attribute "name" {
      type           = string
      terraform      = [name, Name]
      cloudformation = Name
    }
    attribute "value" {
      type           = any
      terraform      = [value, Value]
      cloudformation = Value
    }
  }
}
