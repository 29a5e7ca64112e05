# Load balancers.

resource "elb.load_balancer" {
  terraform      = ["aws_lb", "aws_alb"]
  cloudformation = "AWS::ElasticLoadBalancingV2::LoadBalancer"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
  attribute "kind" {
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
}

resource "elb.classic_load_balancer" {
  terraform      = "aws_elb"
  cloudformation = "AWS::ElasticLoadBalancing::LoadBalancer"

  attribute "security_group_ids" {
    type           = strings
    terraform      = security_groups
    cloudformation = SecurityGroups
  }
}
