# Route 53: hosted zones.

resource "route53.zone" {
  terraform      = "aws_route53_zone"
  cloudformation = "AWS::Route53::HostedZone"

  attribute "name" {
    type           = string
    terraform      = name
    cloudformation = Name
  }
}
