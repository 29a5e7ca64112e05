# EC2 Auto Scaling: groups and launch configurations.

resource "autoscaling.group" {
  terraform      = "aws_autoscaling_group"
  cloudformation = "AWS::AutoScaling::AutoScalingGroup"
  identity       = [name, AutoScalingGroupName]

  list "tag" {
    terraform      = tag
    cloudformation = Tags
    own            = true
    attribute "key" {
      type           = string
      terraform      = key
      cloudformation = Key
    }
    attribute "value" {
      type           = string
      terraform      = value
      cloudformation = Value
    }
    attribute "propagate_at_launch" {
      type           = bool
      terraform      = propagate_at_launch
      cloudformation = PropagateAtLaunch
    }
    satellite "aws_autoscaling_group_tag" {
      parent = autoscaling_group_name
      spelling = {
        key                 = tag[0].key
        value               = tag[0].value
        propagate_at_launch = tag[0].propagate_at_launch
      }
    }
  }
  attribute "min_size" {
    type           = number
    terraform      = min_size
    cloudformation = MinSize
    own            = true
  }
  attribute "max_size" {
    type           = number
    terraform      = max_size
    cloudformation = MaxSize
    own            = true
  }
  attribute "desired_capacity" {
    type           = number
    terraform      = desired_capacity
    cloudformation = DesiredCapacity
    own            = true
  }
  attribute "subnet_ids" {
    type           = strings
    terraform      = vpc_zone_identifier
    cloudformation = VPCZoneIdentifier
    own            = true
  }
  attribute "availability_zones" {
    type           = strings
    terraform      = availability_zones
    cloudformation = [AvailabilityZones, AvailabilityZoneIds]
    own            = true
  }
  attribute "health_check_type" {
    type           = string
    terraform      = health_check_type
    cloudformation = HealthCheckType
    # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
    absent = "EC2"
    own    = true
  }
  # Everything that sends it traffic: target groups, classic load balancers, other sources.
  attribute "load_balancers" {
    type           = strings
    terraform      = [target_group_arns, load_balancers, traffic_source[*].identifier]
    cloudformation = [TargetGroupARNs, LoadBalancerNames, TrafficSources[*].Identifier]
    own            = true
  }
  # The same, one by one.
  attribute "target_groups" {
    type           = strings
    terraform      = target_group_arns
    cloudformation = TargetGroupARNs
    absent         = []
    own            = true
  }
  attribute "classic_load_balancers" {
    type           = strings
    terraform      = load_balancers
    cloudformation = LoadBalancerNames
    absent         = []
    own            = true
  }
  attribute "traffic_sources" {
    type           = strings
    terraform      = traffic_source[*].identifier
    cloudformation = TrafficSources[*].Identifier
    absent         = []
    own            = true
  }
  list "attachments" {
    terraform      = none
    cloudformation = none
    own            = true
    attribute "target" {
      type      = string
      terraform = [lb_target_group_arn, elb]
    }
    satellite "aws_autoscaling_attachment" {
      parent = autoscaling_group_name
    }
    satellite "aws_autoscaling_traffic_source_attachment" {
      parent   = autoscaling_group_name
      spelling = { target = traffic_source[0].identifier }
    }
  }
  # What makes it grow and shrink: policies, schedules, capacity providers of container clusters.
  list "scaling_policies" {
    terraform      = none
    cloudformation = none
    own            = true
    attribute "policy_type" {
      type           = string
      terraform      = policy_type
      cloudformation = PolicyType
      # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
      absent = "SimpleScaling"
    }
    attribute "enabled" {
      type           = bool
      terraform      = enabled
      cloudformation = none
      # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
      absent = true
    }
    attribute "predictive_mode" {
      type           = string
      terraform      = predictive_scaling_configuration[0].mode
      cloudformation = PredictiveScalingConfiguration.Mode
      # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredictiveScalingConfiguration.html
      absent = "ForecastOnly"
    }
    satellite "aws_autoscaling_policy" {
      parent = autoscaling_group_name
    }
    satellite "AWS::AutoScaling::ScalingPolicy" {
      parent = AutoScalingGroupName
    }
  }
  list "schedules" {
    terraform      = none
    cloudformation = none
    own            = true
    attribute "max_size" {
      type           = number
      terraform      = max_size
      cloudformation = MaxSize
      # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html
      absent = -1
    }
    satellite "aws_autoscaling_schedule" {
      parent = autoscaling_group_name
    }
    satellite "AWS::AutoScaling::ScheduledAction" {
      parent = AutoScalingGroupName
    }
  }
  list "capacity_providers" {
    terraform      = none
    cloudformation = none
    own            = true
    attribute "managed_scaling" {
      type           = string
      terraform      = auto_scaling_group_provider[0].managed_scaling[0].status
      cloudformation = AutoScalingGroupProvider.ManagedScaling.Status
      absent         = unknown("the capacity provider does not say whether it scales the group")
    }
    satellite "aws_ecs_capacity_provider" {
      parent = auto_scaling_group_provider[0].auto_scaling_group_arn
    }
    satellite "AWS::ECS::CapacityProvider" {
      parent = AutoScalingGroupProvider.AutoScalingGroupArn
    }
  }
  attribute "instance_refresh" {
    type      = string
    terraform = instance_refresh[0].strategy
    own       = true
  }
  # What CloudFormation does to the instances when the template or configuration of the group changes.
  attribute "update.rolling" {
    type           = any
    cloudformation = meta.UpdatePolicy.AutoScalingRollingUpdate
    own            = true
  }
  attribute "update.batch_size" {
    type           = number
    cloudformation = meta.UpdatePolicy.AutoScalingRollingUpdate.MaxBatchSize
    own            = true
  }
  attribute "update.replacing" {
    type           = bool
    cloudformation = meta.UpdatePolicy.AutoScalingReplacingUpdate.WillReplace
    own            = true
  }
  # What CloudFormation does to the instances when the template or configuration of the group changes.
  attribute "update.rolling" {
    type           = any
    cloudformation = meta.UpdatePolicy.AutoScalingRollingUpdate
    own            = true
  }
  attribute "update.batch_size" {
    type           = number
    cloudformation = meta.UpdatePolicy.AutoScalingRollingUpdate.MaxBatchSize
    own            = true
  }
  attribute "update.replacing" {
    type           = bool
    cloudformation = meta.UpdatePolicy.AutoScalingReplacingUpdate.WillReplace
    own            = true
  }
  # The alarms that stop an instance refresh.
  attribute "refresh_alarms" {
    type      = strings
    terraform = instance_refresh[0].preferences[0].alarm_specification[0].alarms
    own       = true
  }
  attribute "max_instance_lifetime" {
    type           = number
    terraform      = max_instance_lifetime
    cloudformation = MaxInstanceLifetime
    own            = true
  }
  attribute "on_demand_percentage" {
    type           = number
    terraform      = mixed_instances_policy[0].instances_distribution[0].on_demand_percentage_above_base_capacity
    cloudformation = MixedInstancesPolicy.InstancesDistribution.OnDemandPercentageAboveBaseCapacity
    # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html
    absent = 100
    own    = true
  }
  attribute "launch_configuration_name" {
    type           = string
    terraform      = launch_configuration
    cloudformation = LaunchConfigurationName
    own            = true
  }
  attribute "mixed_instances_policy" {
    type           = any
    terraform      = mixed_instances_policy
    cloudformation = MixedInstancesPolicy
    own            = true
  }

  # What its instances are made from: its template, and those by which single types of instances are made.
  list "templates" {
    terraform = [
      launch_template, mixed_instances_policy[0].launch_template[0].launch_template_specification,
      mixed_instances_policy[0].launch_template[0].override[*].launch_template_specification,
    ]
    cloudformation = [
      LaunchTemplate, MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification,
      MixedInstancesPolicy.LaunchTemplate.Overrides[*].LaunchTemplateSpecification,
    ]
    own = true
    attribute "name" {
      type           = any
      terraform      = [id, name, launch_template_id, launch_template_name]
      cloudformation = [LaunchTemplateId, LaunchTemplateName]
    }
  }

  relation "launch_template" {
    to = ec2.launch_template
    terraform = [
      launch_template[0].id, launch_template[0].name,
      mixed_instances_policy[0].launch_template[0].launch_template_specification[0].launch_template_id,
      mixed_instances_policy[0].launch_template[0].launch_template_specification[0].launch_template_name,
    ]
    cloudformation = [
      LaunchTemplate.LaunchTemplateId, LaunchTemplate.LaunchTemplateName,
      MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId,
      MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateName,
    ]
    version_terraform = [
      launch_template[0].version,
      mixed_instances_policy[0].launch_template[0].launch_template_specification[0].version,
    ]
    version_cloudformation = [
      LaunchTemplate.Version,
      MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.Version,
    ]
    inherit = true
  }
  # What its template gives to the instances.
  list "tag_specifications" {
    terraform      = none
    cloudformation = none
    attribute "resource_type" {
      type = string
    }
    attribute "tags" {
      type = tags
    }
  }
  relation "launch_configuration" {
    to             = autoscaling.launch_configuration
    terraform      = launch_configuration
    cloudformation = LaunchConfigurationName
    unseen         = absent
  }
  relation "subnets" {
    to             = vpc.subnet
    terraform      = vpc_zone_identifier
    cloudformation = VPCZoneIdentifier
    many           = true
  }
}

resource "autoscaling.launch_configuration" {
  terraform      = "aws_launch_configuration"
  cloudformation = "AWS::AutoScaling::LaunchConfiguration"
  identity       = [name, LaunchConfigurationName]

  attribute "image_id" {
    type           = string
    terraform      = image_id
    cloudformation = ImageId
  }
  attribute "instance_type" {
    type           = string
    terraform      = instance_type
    cloudformation = InstanceType
  }
  attribute "tenancy" {
    type           = string
    terraform      = placement_tenancy
    cloudformation = PlacementTenancy
  }
  attribute "spot_price" {
    type           = string
    terraform      = spot_price
    cloudformation = SpotPrice
  }

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
      terraform      = no_device
      cloudformation = NoDevice
    }
    attribute "virtual_name" {
      type           = string
      cloudformation = VirtualName
    }
  }
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

  attribute "monitoring" {
    type           = bool
    terraform      = enable_monitoring
    cloudformation = InstanceMonitoring
    # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateLaunchConfiguration.html
    absent = true
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
    cloudformation = AssociatePublicIpAddress
  }
  attribute "security_group_ids" {
    type           = strings
    terraform      = security_groups
    cloudformation = SecurityGroups
  }
  attribute "user_data" {
    type           = any
    terraform      = [user_data, user_data_base64]
    cloudformation = UserData
  }

  relation "image" {
    to             = ec2.ami
    terraform      = image_id
    cloudformation = ImageId
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
  relation "security_groups" {
    to             = vpc.security_group
    terraform      = security_groups
    cloudformation = SecurityGroups
    many           = true
  }
}

# A plan of AWS Auto Scaling, which scales what its instructions name.
resource "autoscaling.scaling_plan" {
  terraform      = "aws_autoscalingplans_scaling_plan"
  cloudformation = "AWS::AutoScalingPlans::ScalingPlan"

  # `autoScalingGroup/name`, or resources of other services.
  attribute "resource_ids" {
    type           = strings
    terraform      = scaling_instruction[*].resource_id
    cloudformation = ScalingInstructions[*].ResourceId
  }
}
