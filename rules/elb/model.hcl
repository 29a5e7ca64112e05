# Load balancers.

resource "elb.load_balancer" {
  terraform      = ["aws_lb", "aws_alb"]
  cloudformation = "AWS::ElasticLoadBalancingV2::LoadBalancer"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
}
