# Redshift clusters.

resource "redshift.cluster" {
  terraform      = "aws_redshift_cluster"
  cloudformation = "AWS::Redshift::Cluster"

  attribute "security_group_ids" {
    type           = strings
    terraform      = vpc_security_group_ids
    cloudformation = VpcSecurityGroupIds
  }
  # The password of the first user.
  attribute "password" {
    type           = any
    terraform      = [master_password, master_password_wo]
    cloudformation = MasterUserPassword
  }
}
