# EKS: managed node groups, as far as they are instances.

resource "eks.node_group" {
  terraform      = "aws_eks_node_group"
  cloudformation = "AWS::EKS::Nodegroup"
  identity       = [node_group_name, NodegroupName]

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
    own            = true
  }
  attribute "ami_type" {
    type           = string
    terraform      = ami_type
    cloudformation = AmiType
    own            = true
  }
  attribute "release_version" {
    type           = string
    terraform      = release_version
    cloudformation = ReleaseVersion
    own            = true
  }
  attribute "capacity_type" {
    type           = string
    terraform      = capacity_type
    cloudformation = CapacityType
    # https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
    absent = "ON_DEMAND"
    own    = true
  }
  attribute "instance_types" {
    type           = strings
    terraform      = instance_types
    cloudformation = InstanceTypes
    own            = true
  }
  attribute "remote_access.key_name" {
    type           = string
    terraform      = remote_access[0].ec2_ssh_key
    cloudformation = RemoteAccess.Ec2SshKey
    own            = true
  }
  attribute "remote_access.source_security_groups" {
    type           = strings
    terraform      = remote_access[0].source_security_group_ids
    cloudformation = RemoteAccess.SourceSecurityGroups
    own            = true
  }

  relation "launch_template" {
    to                     = ec2.launch_template
    terraform              = [launch_template[0].id, launch_template[0].name]
    cloudformation         = [LaunchTemplate.Id, LaunchTemplate.Name]
    version_terraform      = launch_template[0].version
    version_cloudformation = LaunchTemplate.Version
    inherit                = true
  }
}
