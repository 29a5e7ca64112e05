# ElastiCache: replication groups and clusters.

resource "elasticache.replication_group" {
  terraform      = "aws_elasticache_replication_group"
  cloudformation = "AWS::ElastiCache::ReplicationGroup"

  attribute "security_group_ids" {
    type           = strings
    terraform      = security_group_ids
    cloudformation = SecurityGroupIds
  }
  attribute "automatic_failover" {
    type           = bool
    terraform      = automatic_failover_enabled
    cloudformation = AutomaticFailoverEnabled
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
    absent = false
  }
  attribute "multi_az" {
    type           = bool
    terraform      = multi_az_enabled
    cloudformation = MultiAZEnabled
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
    absent = false
  }
  # The nodes of a group without shards: the primary and its replicas.
  attribute "nodes" {
    type           = number
    terraform      = num_cache_clusters
    cloudformation = NumCacheClusters
  }
  attribute "shard_count" {
    type           = number
    terraform      = num_node_groups
    cloudformation = NumNodeGroups
  }
  # The replicas of every shard, or shard by shard.
  attribute "replicas" {
    type           = number
    terraform      = replicas_per_node_group
    cloudformation = ReplicasPerNodeGroup
  }
  list "shards" {
    terraform      = node_group_configuration
    cloudformation = NodeGroupConfiguration
    attribute "replicas" {
      type           = number
      terraform      = replica_count
      cloudformation = ReplicaCount
    }
  }
  # A member of a global datastore has the size of the others.
  attribute "global_group" {
    type           = string
    terraform      = global_replication_group_id
    cloudformation = GlobalReplicationGroupId
  }
  attribute "password" {
    type           = any
    terraform      = auth_token
    cloudformation = AuthToken
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
  attribute "engine" {
    type           = string
    terraform      = engine
    cloudformation = Engine
  }
  attribute "nodes" {
    type           = number
    terraform      = num_cache_nodes
    cloudformation = NumCacheNodes
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/elasticache_cluster#num_cache_nodes
    absent_terraform = 1
  }
  attribute "az_mode" {
    type           = string
    terraform      = az_mode
    cloudformation = AZMode
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html
    absent = "single-az"
  }
  attribute "zones" {
    type           = strings
    terraform      = preferred_availability_zones
    cloudformation = PreferredAvailabilityZones
    absent         = []
  }
  # The group it is a replica in. In CloudFormation the group makes its clusters itself.
  attribute "replication_group" {
    type           = string
    terraform      = replication_group_id
    cloudformation = none
  }
}
