# What any configuration consists of besides resources: files, and the inputs that somebody has to give.

resource "source.file" {
  terraform      = "file"
  cloudformation = "File"

  attribute "path" {
    type           = string
    terraform      = path
    cloudformation = path
  }
  attribute "text" {
    type           = any
    terraform      = text
    cloudformation = text
  }
}

# Variables of Terraform, parameters of CloudFormation.
resource "source.input" {
  terraform      = "variable"
  cloudformation = "Parameter"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  # The text of the type constraint.
  attribute "value_type" {
    type           = string
    terraform      = type
    cloudformation = Type
  }
  attribute "default" {
    type           = any
    terraform      = default
    cloudformation = Default
  }
  attribute "description" {
    type           = string
    terraform      = description
    cloudformation = Description
    absent         = ""
  }
  # https://developer.hashicorp.com/terraform/language/values/variables#suppressing-values-in-cli-output
  # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html#parameters-section-structure-properties
  attribute "hidden" {
    type           = bool
    terraform      = sensitive
    cloudformation = NoEcho
    absent         = false
  }
}
