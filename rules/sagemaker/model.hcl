# SageMaker: notebook instances.

resource "sagemaker.notebook" {
  terraform      = "aws_sagemaker_notebook_instance"
  cloudformation = "AWS::SageMaker::NotebookInstance"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = NotebookInstanceName
  }
  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateNotebookInstance.html
  attribute "direct_internet_access" {
    type           = string
    terraform      = direct_internet_access
    cloudformation = DirectInternetAccess
    absent         = "Enabled"
  }
  attribute "subnet_id" {
    type           = string
    terraform      = subnet_id
    cloudformation = SubnetId
  }
  attribute "security_group_ids" {
    type           = strings
    terraform      = security_groups
    cloudformation = SecurityGroupIds
    absent         = []
  }
}
