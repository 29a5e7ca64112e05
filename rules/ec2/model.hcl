# EC2: instances, the templates they are made from, images, and what the account decides for all of them.

resource "ec2.instance" {
  # A spot request is an instance in every attribute it has; rules that treat it differently look at `type`.
  terraform      = ["aws_instance", "aws_spot_instance_request"]
  cloudformation = "AWS::EC2::Instance"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
    # Those of a launch template are its own; what it gives to instances stands in its tag specifications.
    own = true
  }
  list "tag_specifications" {
    # An instance has none of its own: those of its launch template.
    terraform      = none
    cloudformation = none
    attribute "resource_type" {
      type = string
    }
    attribute "tags" {
      type = tags
    }
  }

  attribute "image_id" {
    type           = string
    terraform      = ami
    cloudformation = ImageId
  }
  attribute "instance_type" {
    type           = string
    terraform      = instance_type
    cloudformation = InstanceType
  }
  attribute "market" {
    type      = string
    terraform = instance_market_options[0].market_type
    # CloudFormation states it in launch templates only.
    cloudformation = none
  }
  attribute "tenancy" {
    type           = string
    terraform      = tenancy
    cloudformation = Tenancy
  }
  attribute "cpu_credits" {
    type           = string
    terraform      = credit_specification[0].cpu_credits
    cloudformation = CreditSpecification.CPUCredits
  }

  attribute "disable_api_termination" {
    type           = bool
    terraform      = disable_api_termination
    cloudformation = DisableApiTermination
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
    absent = false
  }
  attribute "disable_api_stop" {
    type      = bool
    terraform = disable_api_stop
    # CloudFormation states it in launch templates only.
    cloudformation = none
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
    absent = false
  }

  # What is not written is decided by the image, the account and the service; rules say how they take it.
  # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
  attribute "metadata.http_tokens" {
    type           = string
    terraform      = metadata_options[0].http_tokens
    cloudformation = MetadataOptions.HttpTokens
  }
  attribute "metadata.http_endpoint" {
    type           = string
    terraform      = metadata_options[0].http_endpoint
    cloudformation = MetadataOptions.HttpEndpoint
  }
  attribute "metadata.hop_limit" {
    type           = number
    terraform      = metadata_options[0].http_put_response_hop_limit
    cloudformation = MetadataOptions.HttpPutResponseHopLimit
  }

  list "block_devices" {
    terraform      = [root_block_device, ebs_block_device]
    cloudformation = BlockDeviceMappings
    # Absent for the root device, which Terraform does not name.
    attribute "device" {
      type           = string
      terraform      = device_name
      cloudformation = DeviceName
    }
    attribute "encrypted" {
      type           = bool
      terraform      = encrypted
      cloudformation = Ebs.Encrypted
    }
    attribute "snapshot" {
      type           = string
      terraform      = snapshot_id
      cloudformation = Ebs.SnapshotId
    }
    attribute "kms_key" {
      type           = string
      terraform      = kms_key_id
      cloudformation = Ebs.KmsKeyId
    }
    attribute "volume_type" {
      type           = string
      terraform      = volume_type
      cloudformation = Ebs.VolumeType
    }
    attribute "no_device" {
      type           = any
      cloudformation = NoDevice
    }
    attribute "virtual_name" {
      type           = string
      cloudformation = VirtualName
    }
  }
  # The root device, where Terraform says it; an image that is made from the instance is as it is.
  attribute "encrypted" {
    type           = bool
    terraform      = root_block_device[0].encrypted
    cloudformation = none
  }
  # The mappings among which that of the root device is.
  list "root_devices" {
    terraform      = root_block_device
    cloudformation = BlockDeviceMappings
    attribute "device" {
      type           = string
      terraform      = none
      cloudformation = DeviceName
    }
    attribute "volume_type" {
      type           = string
      terraform      = volume_type
      cloudformation = Ebs.VolumeType
    }
  }

  # The tags of the volumes that are made with it.
  attribute "volume_tags" {
    type           = tags
    terraform      = [volume_tags, root_block_device[0].tags]
    cloudformation = none
    absent         = {}
    own            = true
  }
  attribute "propagates_tags" {
    type           = bool
    terraform      = none
    cloudformation = PropagateTagsToVolumeOnCreation
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html
    absent = false
    own    = true
  }
  # Volumes of their own that it names itself; others are attached by resources of their own.
  attribute "volume_ids" {
    type           = strings
    terraform      = none
    cloudformation = Volumes[*].VolumeId
    own            = true
  }

  attribute "monitoring" {
    type           = bool
    terraform      = monitoring
    cloudformation = Monitoring
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstancesMonitoringEnabled.html
    absent = false
  }
  attribute "auto_recovery" {
    type      = string
    terraform = maintenance_options[0].auto_recovery
    # CloudFormation states it in launch templates only.
    cloudformation = none
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMaintenanceOptions.html
    absent = "default"
  }
  attribute "key_name" {
    type           = string
    terraform      = key_name
    cloudformation = KeyName
  }
  attribute "iam_instance_profile" {
    type           = string
    terraform      = iam_instance_profile
    cloudformation = IamInstanceProfile
  }
  attribute "public_ip" {
    type           = bool
    terraform      = associate_public_ip_address
    cloudformation = NetworkInterfaces[0].AssociatePublicIpAddress
  }
  attribute "subnet_id" {
    type           = string
    terraform      = subnet_id
    cloudformation = [SubnetId, NetworkInterfaces[0].SubnetId]
  }
  attribute "availability_zone" {
    type           = string
    terraform      = availability_zone
    cloudformation = AvailabilityZone
  }
  attribute "network_interface_ids" {
    type           = strings
    terraform      = [network_interface[*].network_interface_id, primary_network_interface[0].network_interface_id]
    cloudformation = NetworkInterfaces[*].NetworkInterfaceId
  }
  attribute "security_group_ids" {
    type           = strings
    terraform      = [vpc_security_group_ids, security_groups]
    cloudformation = [SecurityGroupIds[*], SecurityGroups[*], NetworkInterfaces[*].GroupSet[*]]
    # Then it has the default group of its VPC.
    # https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    absent = []
  }
  attribute "user_data" {
    type           = any
    terraform      = [user_data, user_data_base64]
    cloudformation = UserData
  }
  attribute "launch_template_id" {
    type           = any
    terraform      = [launch_template[0].id, launch_template[0].name]
    cloudformation = [LaunchTemplate.LaunchTemplateId, LaunchTemplate.LaunchTemplateName]
    own            = true
  }
  attribute "user_data_replace_on_change" {
    type      = bool
    terraform = user_data_replace_on_change
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/instance
    absent_terraform = false
    own              = true
  }

  relation "launch_template" {
    to                     = ec2.launch_template
    terraform              = [launch_template[0].id, launch_template[0].name]
    cloudformation         = [LaunchTemplate.LaunchTemplateId, LaunchTemplate.LaunchTemplateName]
    version_terraform      = launch_template[0].version
    version_cloudformation = LaunchTemplate.Version
    inherit                = true
  }
  relation "image" {
    to             = ec2.ami
    terraform      = ami
    cloudformation = ImageId
    # Images of others cannot be relied upon for what the source can demand itself.
    unseen = absent
  }
  relation "image_lookup" {
    to        = ec2.ami_lookup
    terraform = ami
    unseen    = absent
  }
  relation "image_parameter" {
    to        = ec2.image_parameter
    terraform = ami
    unseen    = absent
  }
  relation "cloudinit" {
    to        = ec2.cloudinit
    terraform = [user_data, user_data_base64]
    unseen    = absent
  }
  relation "template_file" {
    to        = ec2.template_file
    terraform = [user_data, user_data_base64]
    unseen    = absent
  }
  relation "instance_profile" {
    to             = iam.instance_profile
    terraform      = iam_instance_profile
    cloudformation = IamInstanceProfile
  }
  relation "subnet" {
    to             = vpc.subnet
    terraform      = subnet_id
    cloudformation = [SubnetId, NetworkInterfaces[0].SubnetId]
  }
  relation "subnet_lookup" {
    to        = vpc.subnet_lookup
    terraform = subnet_id
    unseen    = absent
  }
  relation "security_groups" {
    to             = vpc.security_group
    terraform      = [vpc_security_group_ids, security_groups]
    cloudformation = [SecurityGroupIds[*], SecurityGroups[*], NetworkInterfaces[*].GroupSet[*]]
    many           = true
  }
}

resource "ec2.launch_template" {
  terraform      = "aws_launch_template"
  cloudformation = "AWS::EC2::LaunchTemplate"
  identity       = [name, LaunchTemplateName]

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = TagSpecifications[0].Tags
    absent         = {}
  }
  list "tag_specifications" {
    terraform      = tag_specifications
    cloudformation = LaunchTemplateData.TagSpecifications
    attribute "resource_type" {
      type           = string
      terraform      = resource_type
      cloudformation = ResourceType
    }
    attribute "tags" {
      type           = tags
      terraform      = tags
      cloudformation = Tags
      absent         = {}
    }
  }

  attribute "image_id" {
    type           = string
    terraform      = image_id
    cloudformation = LaunchTemplateData.ImageId
  }
  attribute "instance_type" {
    type           = string
    terraform      = instance_type
    cloudformation = LaunchTemplateData.InstanceType
  }
  attribute "market" {
    type           = string
    terraform      = instance_market_options[0].market_type
    cloudformation = LaunchTemplateData.InstanceMarketOptions.MarketType
  }
  attribute "tenancy" {
    type           = string
    terraform      = placement[0].tenancy
    cloudformation = LaunchTemplateData.Placement.Tenancy
  }
  attribute "cpu_credits" {
    type           = string
    terraform      = credit_specification[0].cpu_credits
    cloudformation = LaunchTemplateData.CreditSpecification.CpuCredits
  }

  attribute "disable_api_termination" {
    type           = bool
    terraform      = disable_api_termination
    cloudformation = LaunchTemplateData.DisableApiTermination
  }
  attribute "disable_api_stop" {
    type           = bool
    terraform      = disable_api_stop
    cloudformation = LaunchTemplateData.DisableApiStop
  }

  attribute "metadata.http_tokens" {
    type           = string
    terraform      = metadata_options[0].http_tokens
    cloudformation = LaunchTemplateData.MetadataOptions.HttpTokens
  }
  attribute "metadata.http_endpoint" {
    type           = string
    terraform      = metadata_options[0].http_endpoint
    cloudformation = LaunchTemplateData.MetadataOptions.HttpEndpoint
  }
  attribute "metadata.hop_limit" {
    type           = number
    terraform      = metadata_options[0].http_put_response_hop_limit
    cloudformation = LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit
  }

  list "block_devices" {
    terraform      = block_device_mappings
    cloudformation = LaunchTemplateData.BlockDeviceMappings
    attribute "device" {
      type           = string
      terraform      = device_name
      cloudformation = DeviceName
    }
    attribute "encrypted" {
      type           = bool
      terraform      = ebs[0].encrypted
      cloudformation = Ebs.Encrypted
    }
    attribute "snapshot" {
      type           = string
      terraform      = ebs[0].snapshot_id
      cloudformation = Ebs.SnapshotId
    }
    attribute "kms_key" {
      type           = string
      terraform      = ebs[0].kms_key_id
      cloudformation = Ebs.KmsKeyId
    }
    attribute "volume_type" {
      type           = string
      terraform      = ebs[0].volume_type
      cloudformation = Ebs.VolumeType
    }
    attribute "no_device" {
      type           = any
      terraform      = no_device
      cloudformation = NoDevice
    }
    attribute "virtual_name" {
      type           = string
      terraform      = virtual_name
      cloudformation = VirtualName
    }
  }
  # Of the first mapping, by custom that of the root device.
  attribute "encrypted" {
    type           = bool
    terraform      = block_device_mappings[0].ebs[0].encrypted
    cloudformation = LaunchTemplateData.BlockDeviceMappings[0].Ebs.Encrypted
  }
  list "root_devices" {
    terraform      = block_device_mappings
    cloudformation = LaunchTemplateData.BlockDeviceMappings
    attribute "device" {
      type           = string
      terraform      = device_name
      cloudformation = DeviceName
    }
    attribute "volume_type" {
      type           = string
      terraform      = ebs[0].volume_type
      cloudformation = Ebs.VolumeType
    }
  }

  attribute "monitoring" {
    type           = bool
    terraform      = monitoring[0].enabled
    cloudformation = LaunchTemplateData.Monitoring.Enabled
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplatesMonitoringRequest.html
    absent = false
  }
  attribute "auto_recovery" {
    type           = string
    terraform      = maintenance_options[0].auto_recovery
    cloudformation = LaunchTemplateData.MaintenanceOptions.AutoRecovery
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateInstanceMaintenanceOptions.html
    absent = "default"
  }
  attribute "key_name" {
    type           = string
    terraform      = key_name
    cloudformation = LaunchTemplateData.KeyName
  }
  attribute "iam_instance_profile" {
    type           = string
    terraform      = [iam_instance_profile[0].name, iam_instance_profile[0].arn]
    cloudformation = [LaunchTemplateData.IamInstanceProfile.Name, LaunchTemplateData.IamInstanceProfile.Arn]
  }
  attribute "public_ip" {
    type           = bool
    terraform      = network_interfaces[0].associate_public_ip_address
    cloudformation = LaunchTemplateData.NetworkInterfaces[0].AssociatePublicIpAddress
  }
  attribute "subnet_id" {
    type           = string
    terraform      = network_interfaces[0].subnet_id
    cloudformation = LaunchTemplateData.NetworkInterfaces[0].SubnetId
  }
  attribute "availability_zone" {
    type           = string
    terraform      = placement[0].availability_zone
    cloudformation = LaunchTemplateData.Placement.AvailabilityZone
  }
  attribute "network_interface_ids" {
    type           = strings
    terraform      = network_interfaces[*].network_interface_id
    cloudformation = LaunchTemplateData.NetworkInterfaces[*].NetworkInterfaceId
  }
  attribute "security_group_ids" {
    type      = strings
    terraform = [vpc_security_group_ids, security_group_names, network_interfaces[*].security_groups[*]]
    cloudformation = [
      LaunchTemplateData.SecurityGroupIds[*], LaunchTemplateData.SecurityGroups[*],
      LaunchTemplateData.NetworkInterfaces[*].Groups[*],
    ]
  }
  attribute "user_data" {
    type           = any
    terraform      = user_data
    cloudformation = LaunchTemplateData.UserData
  }

  relation "image" {
    to             = ec2.ami
    terraform      = image_id
    cloudformation = LaunchTemplateData.ImageId
    unseen         = absent
  }
  relation "image_lookup" {
    to        = ec2.ami_lookup
    terraform = image_id
    unseen    = absent
  }
  relation "image_parameter" {
    to        = ec2.image_parameter
    terraform = image_id
    unseen    = absent
  }
  relation "cloudinit" {
    to        = ec2.cloudinit
    terraform = user_data
    unseen    = absent
  }
  relation "template_file" {
    to        = ec2.template_file
    terraform = user_data
    unseen    = absent
  }
  relation "instance_profile" {
    to             = iam.instance_profile
    terraform      = [iam_instance_profile[0].name, iam_instance_profile[0].arn]
    cloudformation = [LaunchTemplateData.IamInstanceProfile.Name, LaunchTemplateData.IamInstanceProfile.Arn]
  }
  relation "subnet" {
    to             = vpc.subnet
    terraform      = network_interfaces[0].subnet_id
    cloudformation = LaunchTemplateData.NetworkInterfaces[0].SubnetId
  }
  relation "security_groups" {
    to        = vpc.security_group
    terraform = [vpc_security_group_ids, security_group_names, network_interfaces[*].security_groups[*]]
    cloudformation = [
      LaunchTemplateData.SecurityGroupIds[*], LaunchTemplateData.SecurityGroups[*],
      LaunchTemplateData.NetworkInterfaces[*].Groups[*],
    ]
    many = true
  }
}

resource "ec2.spot_fleet" {
  terraform      = "aws_spot_fleet_request"
  cloudformation = "AWS::EC2::SpotFleet"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = SpotFleetRequestConfigData.TagSpecifications[0].Tags
    absent         = {}
  }
  list "block_devices" {
    terraform      = [launch_specification[*].root_block_device, launch_specification[*].ebs_block_device]
    cloudformation = SpotFleetRequestConfigData.LaunchSpecifications[*].BlockDeviceMappings
    attribute "device" {
      type           = string
      terraform      = device_name
      cloudformation = DeviceName
    }
    attribute "encrypted" {
      type           = bool
      terraform      = encrypted
      cloudformation = Ebs.Encrypted
    }
    attribute "snapshot" {
      type           = string
      terraform      = snapshot_id
      cloudformation = Ebs.SnapshotId
    }
    attribute "volume_type" {
      type           = string
      terraform      = volume_type
      cloudformation = Ebs.VolumeType
    }
    attribute "no_device" {
      type           = any
      cloudformation = NoDevice
    }
    attribute "virtual_name" {
      type           = string
      cloudformation = VirtualName
    }
  }
  list "specifications" {
    terraform      = launch_specification
    cloudformation = SpotFleetRequestConfigData.LaunchSpecifications
    attribute "image_id" {
      type           = string
      terraform      = ami
      cloudformation = ImageId
    }
    attribute "instance_type" {
      type           = string
      terraform      = instance_type
      cloudformation = InstanceType
    }
    attribute "key_name" {
      type           = string
      terraform      = key_name
      cloudformation = KeyName
    }
    attribute "root_devices" {
      type           = any
      terraform      = root_block_device
      cloudformation = BlockDeviceMappings
    }
    attribute "user_data" {
      type           = any
      terraform      = user_data
      cloudformation = UserData
    }
  }
}

# What EC2 does with the metadata options that instances leave out, in one region of the account.
resource "ec2.metadata_defaults" {
  terraform = "aws_ec2_instance_metadata_defaults"

  # All four are optional and mean no preference when they are not written:
  # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/ec2_instance_metadata_defaults
  attribute "http_tokens" {
    type      = string
    terraform = http_tokens
    absent    = "no-preference"
  }
  attribute "http_endpoint" {
    type      = string
    terraform = http_endpoint
    absent    = "no-preference"
  }
  attribute "hop_limit" {
    type      = number
    terraform = http_put_response_hop_limit
    # As the provider writes "no preference".
    absent = -1
  }
}

resource "ec2.default_credit_specification" {
  terraform = "aws_ec2_default_credit_specification"

  attribute "family" {
    type      = string
    terraform = instance_family
  }
  attribute "cpu_credits" {
    type      = string
    terraform = cpu_credits
  }
}

# An image that is registered, copied, or made from an instance. CloudFormation has none of these.
resource "ec2.ami" {
  terraform = ["aws_ami", "aws_ami_copy", "aws_ami_from_instance"]
  identity  = [name]

  attribute "name" {
    type      = string
    terraform = name
    own       = true
  }
  attribute "tags" {
    type      = tags
    terraform = tags
    absent    = {}
    own       = true
  }
  # Of a copy, or as what it is made from; the devices of images that are registered stand in `block_devices`.
  attribute "encrypted" {
    type      = bool
    terraform = encrypted
  }
  attribute "kms_key" {
    type      = string
    terraform = kms_key_id
    own       = true
  }
  attribute "imds_support" {
    type      = string
    terraform = imds_support
  }
  attribute "root_device" {
    type      = string
    terraform = root_device_name
    own       = true
  }
  list "block_devices" {
    terraform = ebs_block_device
    own       = true
    attribute "device" {
      type      = string
      terraform = device_name
    }
    attribute "encrypted" {
      type      = bool
      terraform = encrypted
    }
    attribute "snapshot" {
      type      = string
      terraform = snapshot_id
    }
    attribute "volume_type" {
      type      = string
      terraform = volume_type
    }
  }

  relation "source" {
    to        = [ec2.ami, ec2.instance]
    terraform = [source_ami_id, source_instance_id]
    inherit   = true
  }
}

# A search for an image. CloudFormation has none.
resource "ec2.ami_lookup" {
  terraform = "data.aws_ami"

  # Without owners, images of everybody are searched:
  # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
  attribute "owners" {
    type      = strings
    terraform = owners
  }
  attribute "most_recent" {
    type      = bool
    terraform = most_recent
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/ami
    absent = false
  }
  attribute "name_regex" {
    type      = string
    terraform = name_regex
  }
  list "filters" {
    terraform = filter
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

# A parameter of the Systems Manager store that is read while planning.
resource "ec2.image_parameter" {
  terraform = "data.aws_ssm_parameter"

  attribute "name" {
    type      = string
    terraform = name
  }
}

# Which images the account lets its users find and launch, in one region.
resource "ec2.allowed_images" {
  terraform = "aws_ec2_allowed_images_settings"

  attribute "state" {
    type      = string
    terraform = state
  }
  list "criteria" {
    terraform = image_criterion
    attribute "providers" {
      type      = strings
      terraform = image_providers
    }
    attribute "names" {
      type      = strings
      terraform = image_names
    }
  }
}

resource "ec2.ami_launch_permission" {
  terraform = "aws_ami_launch_permission"

  attribute "group" {
    type      = string
    terraform = group
  }
  # Everyone else to whom it is granted: an account, an organization or a unit of one.
  attribute "grantees" {
    type      = strings
    terraform = [account_id, organization_arn, organizational_unit_arn]
  }

  relation "image" {
    to        = ec2.ami
    terraform = image_id
  }
}

resource "ec2.image_block_public_access" {
  terraform = "aws_ec2_image_block_public_access"

  attribute "state" {
    type      = string
    terraform = state
  }
}

# A network interface that is made by itself.
resource "ec2.network_interface" {
  terraform      = "aws_network_interface"
  cloudformation = "AWS::EC2::NetworkInterface"

  attribute "subnet_id" {
    type           = string
    terraform      = subnet_id
    cloudformation = SubnetId
  }
  attribute "security_group_ids" {
    type           = strings
    terraform      = security_groups
    cloudformation = GroupSet
  }
}

# An Elastic IP, and its association with an instance or an interface.
resource "ec2.eip" {
  terraform      = "aws_eip"
  cloudformation = "AWS::EC2::EIP"

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "instance" {
    type           = any
    terraform      = instance
    cloudformation = InstanceId
  }
  attribute "network_interface" {
    type           = any
    terraform      = network_interface
    cloudformation = none
  }
}

resource "ec2.eip_association" {
  terraform      = "aws_eip_association"
  cloudformation = "AWS::EC2::EIPAssociation"

  attribute "instance" {
    type           = any
    terraform      = instance_id
    cloudformation = InstanceId
  }
  attribute "network_interface" {
    type           = any
    terraform      = network_interface_id
    cloudformation = NetworkInterfaceId
  }
}

resource "ec2.key_pair" {
  terraform      = "aws_key_pair"
  cloudformation = "AWS::EC2::KeyPair"
  identity       = [key_name, KeyName]

  attribute "tags" {
    type           = tags
    terraform      = tags
    cloudformation = Tags
    absent         = {}
  }
  attribute "public_key" {
    type           = string
    terraform      = public_key
    cloudformation = PublicKeyMaterial
  }
  attribute "format" {
    type           = string
    cloudformation = KeyFormat
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-keypair.html
    absent_cloudformation = "pem"
  }
}

# User data that is put together by other providers.
resource "ec2.cloudinit" {
  terraform = ["data.cloudinit_config", "data.template_cloudinit_config"]

  attribute "contents" {
    type      = strings
    terraform = part[*].content
  }
}

resource "ec2.template_file" {
  terraform = "data.template_file"

  attribute "template" {
    type      = string
    terraform = template
  }
  attribute "vars" {
    type      = any
    terraform = vars
  }
}

# A key pair that Terraform generates, with both halves in its state.
resource "ec2.generated_key" {
  terraform = "tls_private_key"
}

# What the account gives to instances that do not say it themselves. Facts of the same account and region.
account "imdsv2_by_default" {
  value = anytrue([for d in resources.ec2.metadata_defaults : d.http_tokens == "required" if d.provider == self.provider])
}
account "metadata_endpoint_off_by_default" {
  value = anytrue([for d in resources.ec2.metadata_defaults : d.http_endpoint == "disabled" if d.provider == self.provider])
}
account "allowed_images_enforced" {
  value = anytrue([for d in resources.ec2.allowed_images : d.state == "enabled" if d.provider == self.provider])
}
