/** The estate of `fixtures/snapshot.json` as the services themselves list it, by name of file. */
export const repliesOf: Readonly<Record<string, unknown>> = {
  'authorization-details.json': {
    UserDetailList: [
      {
        Path: '/',
        UserName: 'deploy-bot',
        UserId: 'AIDACONFIGDEPLOYBOT0',
        Arn: 'arn:aws:iam::111122223333:user/deploy-bot',
        CreateDate: '2024-01-10T08:00:00.000Z',
        UserPolicyList: [],
        GroupList: ['deployers'],
        AttachedManagedPolicies: [],
        Tags: [
          {
            Key: 'team',
            Value: 'shop',
          },
        ],
      },
    ],
    GroupDetailList: [
      {
        Path: '/',
        GroupName: 'deployers',
        GroupId: 'AGPACONFIGDEPLOYERS0',
        Arn: 'arn:aws:iam::111122223333:group/deployers',
        CreateDate: '2024-01-10T08:00:00.000Z',
        GroupPolicyList: [],
        AttachedManagedPolicies: [
          {
            PolicyName: 'read-db',
            PolicyArn: 'arn:aws:iam::111122223333:policy/read-db',
          },
        ],
      },
    ],
    RoleDetailList: [
      {
        Path: '/',
        RoleName: 'orders',
        RoleId: 'AROACONFIGORDERS0000',
        Arn: 'arn:aws:iam::111122223333:role/orders',
        CreateDate: '2024-01-10T08:00:00.000Z',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: {
                Service: 'lambda.amazonaws.com',
              },
              Action: 'sts:AssumeRole',
            },
          ],
        },
        InstanceProfileList: [],
        RolePolicyList: [
          {
            PolicyName: 'db',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'secretsmanager:GetSecretValue',
                  Resource: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbC123',
                },
              ],
            },
          },
        ],
        AttachedManagedPolicies: [],
        Tags: [],
      },
      {
        Path: '/',
        RoleName: 'checkout',
        RoleId: 'AROACONFIGCHECKOUT00',
        Arn: 'arn:aws:iam::111122223333:role/checkout',
        CreateDate: '2024-01-10T08:00:00.000Z',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: {
                Service: 'ecs-tasks.amazonaws.com',
              },
              Action: 'sts:AssumeRole',
            },
            {
              Effect: 'Allow',
              Principal: {
                Federated: 'arn:aws:iam::111122223333:saml-provider/acme-login',
              },
              Action: 'sts:AssumeRoleWithSAML',
              Condition: {
                StringEquals: {
                  'SAML:aud': 'https://signin.aws.amazon.com/saml',
                },
              },
            },
          ],
        },
        InstanceProfileList: [
          {
            Path: '/',
            InstanceProfileName: 'web',
            InstanceProfileId: 'AIPACONFIGWEB0000000',
            Arn: 'arn:aws:iam::111122223333:instance-profile/web',
            CreateDate: '2024-01-10T08:00:00.000Z',
            Roles: [],
          },
        ],
        RolePolicyList: [],
        AttachedManagedPolicies: [
          {
            PolicyName: 'read-db',
            PolicyArn: 'arn:aws:iam::111122223333:policy/read-db',
          },
        ],
        PermissionsBoundary: {
          PermissionsBoundaryType: 'Policy',
          PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/limit',
        },
        Tags: [],
      },
    ],
    Policies: [
      {
        PolicyName: 'read-db',
        PolicyId: 'ANPACONFIGREADDB0000',
        Arn: 'arn:aws:iam::111122223333:policy/read-db',
        Path: '/',
        DefaultVersionId: 'v1',
        AttachmentCount: 2,
        PermissionsBoundaryUsageCount: 0,
        IsAttachable: true,
        CreateDate: '2024-01-10T08:00:00.000Z',
        UpdateDate: '2024-01-10T08:00:00.000Z',
        PolicyVersionList: [
          {
            Document: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'secretsmanager:GetSecretValue',
                  Resource: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbC123',
                },
              ],
            },
            VersionId: 'v1',
            IsDefaultVersion: true,
            CreateDate: '2024-01-10T08:00:00.000Z',
          },
        ],
      },
    ],
  },
  'list-secrets.json': {
    SecretList: [
      {
        ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbC123',
        Name: 'shop/db',
        RotationEnabled: true,
        RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:rotate-db',
        RotationRules: {
          AutomaticallyAfterDays: 30,
        },
        KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/0aa0aa0a-1111-2222-3333-444444444444',
        Tags: [
          {
            Key: 'team',
            Value: 'shop',
          },
        ],
      },
    ],
  },
  'describe-key.json': {
    KeyMetadata: {
      KeyId: '0aa0aa0a-1111-2222-3333-444444444444',
      Arn: 'arn:aws:kms:eu-west-1:111122223333:key/0aa0aa0a-1111-2222-3333-444444444444',
      AwsaccountId: '111122223333',
      CreationDate: '2024-01-10T08:00:00.000Z',
      Enabled: true,
      Description: '',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeyState: 'Enabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
    },
  },
  'get-key-policy.json': {
    Policy:
      '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}]}',
    KeyId: 'arn:aws:kms:eu-west-1:111122223333:key/0aa0aa0a-1111-2222-3333-444444444444',
  },
  'get-function.json': {
    Configuration: {
      FunctionName: 'orders',
      FunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:orders',
      Runtime: 'nodejs22.x',
      Role: 'arn:aws:iam::111122223333:role/orders',
      Handler: 'index.handler',
      LastModified: '2026-10-01T08:00:00.000+0000',
      Version: '$LATEST',
      Environment: {
        Variables: {
          DB_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbC123',
          STRIPE_KEY: 'another-value-of-the-same-name-00',
        },
      },
      State: 'Active',
      Layers: [],
      KMSKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0aa0aa0a-1111-2222-3333-444444444444',
    },
    Tags: {
      team: 'shop',
    },
  },
  'task-definition.json': {
    taskDefinition: {
      taskDefinitionArn: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/checkout:4',
      family: 'checkout',
      taskRoleArn: 'arn:aws:iam::111122223333:role/checkout',
      executionRoleArn: 'arn:aws:iam::111122223333:role/orders',
      containerDefinitions: [
        {
          name: 'web',
          image: 'registry.example.com/web',
          environment: [
            {
              name: 'API_TOKEN',
              value: 'canary-config-token-Zq81x-bbbbbbbb',
            },
          ],
          secrets: [
            {
              name: 'DB_PASSWORD',
              valueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbC123:password::',
            },
          ],
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': 'web',
            },
          },
        },
      ],
    },
    tags: [],
  },
  'services.json': {
    services: [
      {
        serviceArn: 'arn:aws:ecs:eu-west-1:111122223333:service/main/checkout',
        serviceName: 'checkout',
        taskDefinition: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/checkout:4',
        desiredCount: 2,
        clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/main',
      },
    ],
  },
  'instances.json': {
    Reservations: [
      {
        OwnerId: '111122223333',
        Instances: [
          {
            InstanceId: 'i-0aa0aa0aa0aa0aa0a',
            IamInstanceProfile: {
              Arn: 'arn:aws:iam::111122223333:instance-profile/web',
              Id: 'AIPACONFIGWEB0000000',
            },
            LaunchTime: '2026-10-01T08:00:00.000Z',
            Placement: {
              AvailabilityZone: 'eu-west-1a',
            },
            PrivateIpAddress: '10.0.0.5',
            State: {
              Code: 16,
              Name: 'running',
            },
            Tags: [
              {
                Key: 'team',
                Value: 'shop',
              },
            ],
          },
        ],
      },
    ],
  },
  'projects.json': {
    projects: [
      {
        name: 'deploy-shop',
        arn: 'arn:aws:codebuild:eu-west-1:111122223333:project/deploy-shop',
        serviceRole: 'arn:aws:iam::111122223333:role/orders',
        source: {
          type: 'GITHUB',
          location: 'https://github.com/acme/shop.git',
        },
        environment: {
          type: 'LINUX_CONTAINER',
          image: 'aws/codebuild/standard:7.0',
          environmentVariables: [
            {
              name: 'DB',
              value: 'shop/db',
              type: 'SECRETS_MANAGER',
            },
          ],
        },
        created: '2024-01-10T08:00:00.000Z',
      },
    ],
  },
  'databases.json': {
    DBInstances: [
      {
        DBInstanceIdentifier: 'shop',
        DBInstanceArn: 'arn:aws:rds:eu-west-1:111122223333:db:shop',
        DBInstanceStatus: 'available',
        Engine: 'postgres',
        MasterUsername: 'shop_admin',
        Endpoint: {
          Address: 'shop.example.eu-west-1.rds.amazonaws.com',
          Port: 5432,
        },
        InstanceCreateTime: '2024-01-10T08:00:00.000Z',
        IAMDatabaseAuthenticationEnabled: false,
        MasterUserSecret: {
          SecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1-QwErTy',
          SecretStatus: 'active',
          KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/0aa0aa0a-1111-2222-3333-444444444444',
        },
      },
    ],
  },
  'bucket-policy.json': {
    Policy:
      '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/orders"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-shop-state/*"}]}',
    Account: '111122223333',
  },
  'queue.json': {
    Attributes: {
      QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
      KmsMasterKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/0aa0aa0a-1111-2222-3333-444444444444',
    },
  },
  'cluster.json': {
    cluster: {
      name: 'prod',
      arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
      roleArn: 'arn:aws:iam::111122223333:role/checkout',
      encryptionConfig: [
        {
          provider: {
            keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0aa0aa0a-1111-2222-3333-444444444444',
          },
          resources: ['secrets'],
        },
      ],
      identity: {
        oidc: {
          issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/AAAA0000',
        },
      },
    },
  },
}
