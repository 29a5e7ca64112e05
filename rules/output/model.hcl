# What a configuration shows to those who use it.

resource "config.output" {
  terraform      = "output"
  cloudformation = "Output"

  attribute "value" {
    type           = any
    terraform      = value
    cloudformation = Value
  }
  attribute "sensitive" {
    type           = bool
    terraform      = sensitive
    cloudformation = none
    # https://developer.hashicorp.com/terraform/language/values/outputs#sensitive-suppressing-values-in-cli-output
    absent = false
  }
}
