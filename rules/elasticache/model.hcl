# ElastiCache: replication groups and clusters.

resource "elasticache.replication_group" {
  terraform      = "aws_elasticache_replication_group"
  cloudformation = "AWS::ElastiCache::ReplicationGroup"

  attribute "security_group_ids" {
    type           = strings
    terraform      = security_group_ids
    cloudformation = SecurityGroupIds
  }
}

resource "elasticache.cluster" {
  terraform      = "aws_elasticache_cluster"
  cloudformation = "AWS::ElastiCache::CacheCluster"

  attribute "security_group_ids" {
    type           = strings
    terraform      = security_group_ids
    cloudformation = VpcSecurityGroupIds
  }
}
