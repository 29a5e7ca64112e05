# Load balancers of both generations, and the groups of targets behind them.

resource "elb.load_balancer" {
  terraform      = ["aws_lb", "aws_alb"]
  cloudformation = "AWS::ElasticLoadBalancingV2::LoadBalancer"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  attribute "load_balancer_type" {
    type           = string
    terraform      = load_balancer_type
    cloudformation = Type
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    absent = "application"
  }
  attribute "security_group_ids" {
    type           = strings
    terraform      = security_groups
    cloudformation = SecurityGroups
    # Then an application load balancer has the default group of its VPC, and a network load balancer none.
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    absent = []
  }
  # Terraform says `internal`, CloudFormation the scheme.
  attribute "internal" {
    type      = bool
    terraform = internal
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lb#internal
    absent_terraform = false
  }
  attribute "scheme" {
    type           = string
    cloudformation = Scheme
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    absent_cloudformation = "internet-facing"
  }
  attribute "subnet_ids" {
    type           = strings
    terraform      = [subnets, subnet_mapping[*].subnet_id]
    cloudformation = [Subnets, SubnetMappings[*].SubnetId]
  }
  attribute "cross_zone" {
    type           = bool
    terraform      = enable_cross_zone_load_balancing
    cloudformation = LoadBalancerAttributes["load_balancing.cross_zone.enabled"]
    # Always on for application load balancers; the rule tells them apart.
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
    absent = false
  }
  # On an Outpost, where there is one zone.
  attribute "outpost_pool" {
    type      = string
    terraform = customer_owned_ipv4_pool
  }
  # What it forwards to without further rules.
  list "listeners" {
    terraform      = none
    cloudformation = none
    attribute "target_groups" {
      type           = strings
      terraform      = [default_action[*].target_group_arn, default_action[*].forward[*].target_group[*].arn]
      cloudformation = [DefaultActions[*].TargetGroupArn, DefaultActions[*].ForwardConfig.TargetGroups[*].TargetGroupArn]
      absent         = []
    }
    satellite "aws_lb_listener" {
      parent = load_balancer_arn
    }
    satellite "aws_alb_listener" {
      parent = load_balancer_arn
    }
    satellite "AWS::ElasticLoadBalancingV2::Listener" {
      parent = LoadBalancerArn
    }
  }
  list "web_acls" {
    terraform      = none
    cloudformation = none
    attribute "id" {
      type           = string
      terraform      = [web_acl_arn, web_acl_id]
      cloudformation = [WebACLArn, WebACLId]
    }
    satellite "aws_wafv2_web_acl_association" {
      parent = resource_arn
    }
    satellite "aws_wafregional_web_acl_association" {
      parent = resource_arn
    }
    satellite "AWS::WAFv2::WebACLAssociation" {
      parent = ResourceArn
    }
    satellite "AWS::WAFRegional::WebACLAssociation" {
      parent = ResourceArn
    }
  }

  relation "subnets" {
    to             = vpc.subnet
    terraform      = [subnets, subnet_mapping[*].subnet_id]
    cloudformation = [Subnets, SubnetMappings[*].SubnetId]
    many           = true
  }
}

# A classic load balancer.
resource "elb.classic_load_balancer" {
  terraform      = "aws_elb"
  cloudformation = "AWS::ElasticLoadBalancing::LoadBalancer"
  identity       = [name, LoadBalancerName]

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = LoadBalancerName
  }
  attribute "security_group_ids" {
    type           = strings
    terraform      = security_groups
    cloudformation = SecurityGroups
  }
  attribute "subnet_ids" {
    type           = strings
    terraform      = subnets
    cloudformation = Subnets
  }
  attribute "availability_zones" {
    type           = strings
    terraform      = availability_zones
    cloudformation = AvailabilityZones
  }
  attribute "cross_zone" {
    type           = bool
    terraform      = cross_zone_load_balancing
    cloudformation = CrossZone
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/elb#cross_zone_load_balancing
    absent_terraform = true
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancing-loadbalancer.html
    absent_cloudformation = false
  }
  # Whether anything is said of the health check.
  attribute "health_check.settings" {
    type           = any
    terraform      = health_check[0]
    cloudformation = HealthCheck
  }
  # Policies that bind clients to a server by a cookie.
  list "stickiness" {
    terraform      = none
    cloudformation = [LBCookieStickinessPolicy, AppCookieStickinessPolicy]
    attribute "enabled" {
      type   = bool
      absent = true
    }
    satellite "aws_lb_cookie_stickiness_policy" {
      parent = load_balancer
    }
    satellite "aws_app_cookie_stickiness_policy" {
      parent = load_balancer
    }
  }

  attribute "instances" {
    type           = strings
    terraform      = instances
    cloudformation = Instances
    absent         = []
  }

  relation "subnets" {
    to             = vpc.subnet
    terraform      = subnets
    cloudformation = Subnets
    many           = true
  }
}

resource "elb.target_group" {
  terraform      = ["aws_lb_target_group", "aws_alb_target_group"]
  cloudformation = "AWS::ElasticLoadBalancingV2::TargetGroup"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  attribute "target_type" {
    type           = string
    terraform      = target_type
    cloudformation = TargetType
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
    absent = "instance"
  }
  attribute "protocol" {
    type           = string
    terraform      = protocol
    cloudformation = Protocol
  }
  attribute "health_check.enabled" {
    type           = bool
    terraform      = health_check[0].enabled
    cloudformation = HealthCheckEnabled
    # Off for Lambda functions; the rule leaves them alone.
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
    absent = true
  }
  # Whether anything is said of the health check.
  attribute "health_check.settings" {
    type      = any
    terraform = health_check[0]
    cloudformation = [
      HealthCheckPath, HealthCheckProtocol, HealthCheckPort, Matcher, HealthCheckIntervalSeconds,
      HealthCheckTimeoutSeconds, HealthyThresholdCount, UnhealthyThresholdCount,
    ]
  }
  # Against what the load balancer says: "true", "false" or "use_load_balancer_configuration".
  attribute "cross_zone" {
    type           = string
    terraform      = load_balancing_cross_zone_enabled
    cloudformation = TargetGroupAttributes["load_balancing.cross_zone.enabled"]
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
    absent = "use_load_balancer_configuration"
  }
  attribute "sticky" {
    type           = bool
    cloudformation = TargetGroupAttributes["stickiness.enabled"]
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
    absent_cloudformation = false
  }
  list "stickiness" {
    terraform      = stickiness
    cloudformation = none
    attribute "enabled" {
      type      = bool
      terraform = enabled
      # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lb_target_group#stickiness
      absent = true
    }
  }
  # What is registered with it: in Terraform by resources of their own.
  list "targets" {
    terraform      = none
    cloudformation = Targets
    attribute "id" {
      type           = any
      cloudformation = Id
    }
  }
}

# Registers a target; see from the target.
resource "elb.target_group_attachment" {
  terraform = ["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"]

  attribute "target_group" {
    type      = any
    terraform = target_group_arn
  }
  attribute "target" {
    type      = any
    terraform = target_id
  }
}

resource "elb.classic_attachment" {
  terraform = "aws_elb_attachment"

  attribute "load_balancer" {
    type      = any
    terraform = elb
  }
  attribute "target" {
    type      = any
    terraform = instance
  }
}
