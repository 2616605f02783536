// Generated from the experimental definitions of the Gateway API v1.6.3 by `make generate`; do not edit.

/** Metadata as the API server delivers it; what is not named here is not read. */
export interface ResourceMetadata {
  name?: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: { [key: string]: string };
  annotations?: { [key: string]: string };
  finalizers?: string[];
  [field: string]: unknown;
}

/** Gateway API `BackendTLSPolicy`. */
export interface BackendTLSPolicy {
  apiVersion?: string;
  kind?: string;
  metadata?: ResourceMetadata;
  spec: {
    options?: {
      [k: string]: string;
    };
    targetRefs: {
      group: string;
      kind: string;
      name: string;
      sectionName?: string;
    }[];
    validation: {
      caCertificateRefs?: {
        group: string;
        kind: string;
        name: string;
      }[];
      hostname: string;
      subjectAltNames?: {
        hostname?: string;
        type: "Hostname" | "URI";
        uri?: string;
      }[];
      wellKnownCACertificates?: string;
    };
  };
  status?: {
    ancestors: {
      ancestorRef: {
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        sectionName?: string;
      };
      conditions: {
        lastTransitionTime: string;
        message: string;
        observedGeneration?: number;
        reason: string;
        status: "True" | "False" | "Unknown";
        type: string;
      }[];
      controllerName: string;
    }[];
  };
}

/** Gateway API `GatewayClass`. */
export interface GatewayClass {
  apiVersion?: string;
  kind?: string;
  metadata?: ResourceMetadata;
  spec: {
    controllerName: string;
    description?: string;
    parametersRef?: {
      group: string;
      kind: string;
      name: string;
      namespace?: string;
    };
  };
  status?: {
    conditions?: {
      lastTransitionTime: string;
      message: string;
      observedGeneration?: number;
      reason: string;
      status: "True" | "False" | "Unknown";
      type: string;
    }[];
    supportedFeatures?: {
      name: string;
    }[];
  };
}

/** Gateway API `Gateway`. */
export interface Gateway {
  apiVersion?: string;
  kind?: string;
  metadata?: ResourceMetadata;
  spec: {
    addresses?: {
      type?: string;
      value?: string;
    }[];
    allowedListeners?: {
      namespaces?: {
        from?: "All" | "Selector" | "Same" | "None";
        selector?: {
          matchExpressions?: {
            key: string;
            operator: string;
            values?: string[];
          }[];
          matchLabels?: {
            [k: string]: string;
          };
        };
      };
    };
    defaultScope?: "All" | "None";
    gatewayClassName: string;
    infrastructure?: {
      annotations?: {
        [k: string]: string;
      };
      labels?: {
        [k: string]: string;
      };
      parametersRef?: {
        group: string;
        kind: string;
        name: string;
      };
    };
    listeners: {
      allowedRoutes?: {
        kinds?: {
          group?: string;
          kind: string;
        }[];
        namespaces?: {
          from?: "All" | "Selector" | "Same";
          selector?: {
            matchExpressions?: {
              key: string;
              operator: string;
              values?: string[];
            }[];
            matchLabels?: {
              [k: string]: string;
            };
          };
        };
      };
      hostname?: string;
      name: string;
      port: number;
      protocol: string;
      tls?: {
        certificateRefs?: {
          group?: string;
          kind?: string;
          name: string;
          namespace?: string;
        }[];
        mode?: "Terminate" | "Passthrough";
        options?: {
          [k: string]: string;
        };
      };
    }[];
    tls?: {
      backend?: {
        clientCertificateRef?: {
          group?: string;
          kind?: string;
          name: string;
          namespace?: string;
        };
      };
      frontend?: {
        perPort?: {
          port: number;
          tls: {
            validation?: {
              caCertificateRefs: {
                group: string;
                kind: string;
                name: string;
                namespace?: string;
              }[];
              mode?: "AllowValidOnly" | "AllowInsecureFallback";
            };
          };
        }[];
      };
    };
  };
  status?: {
    addresses?: {
      type?: string;
      value: string;
    }[];
    attachedListenerSets?: number;
    conditions?: {
      lastTransitionTime: string;
      message: string;
      observedGeneration?: number;
      reason: string;
      status: "True" | "False" | "Unknown";
      type: string;
    }[];
    listeners?: {
      attachedRoutes: number;
      conditions: {
        lastTransitionTime: string;
        message: string;
        observedGeneration?: number;
        reason: string;
        status: "True" | "False" | "Unknown";
        type: string;
      }[];
      name: string;
      supportedKinds?: {
        group?: string;
        kind: string;
      }[];
    }[];
  };
}

/** Gateway API `GRPCRoute`. */
export interface GRPCRoute {
  apiVersion?: string;
  kind?: string;
  metadata?: ResourceMetadata;
  spec: {
    hostnames?: string[];
    parentRefs?: {
      group?: string;
      kind?: string;
      name: string;
      namespace?: string;
      port?: number;
      sectionName?: string;
    }[];
    rules?: {
      backendRefs?: {
        filters?: {
          extensionRef?: {
            group: string;
            kind: string;
            name: string;
          };
          requestHeaderModifier?: {
            add?: {
              name: string;
              value: string;
            }[];
            remove?: string[];
            set?: {
              name: string;
              value: string;
            }[];
          };
          requestMirror?: {
            backendRef: {
              group?: string;
              kind?: string;
              name: string;
              namespace?: string;
              port?: number;
            };
            fraction?: {
              denominator?: number;
              numerator: number;
            };
            percent?: number;
          };
          responseHeaderModifier?: {
            add?: {
              name: string;
              value: string;
            }[];
            remove?: string[];
            set?: {
              name: string;
              value: string;
            }[];
          };
          type: "ResponseHeaderModifier" | "RequestHeaderModifier" | "RequestMirror" | "ExtensionRef";
        }[];
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        weight?: number;
      }[];
      filters?: {
        extensionRef?: {
          group: string;
          kind: string;
          name: string;
        };
        requestHeaderModifier?: {
          add?: {
            name: string;
            value: string;
          }[];
          remove?: string[];
          set?: {
            name: string;
            value: string;
          }[];
        };
        requestMirror?: {
          backendRef: {
            group?: string;
            kind?: string;
            name: string;
            namespace?: string;
            port?: number;
          };
          fraction?: {
            denominator?: number;
            numerator: number;
          };
          percent?: number;
        };
        responseHeaderModifier?: {
          add?: {
            name: string;
            value: string;
          }[];
          remove?: string[];
          set?: {
            name: string;
            value: string;
          }[];
        };
        type: "ResponseHeaderModifier" | "RequestHeaderModifier" | "RequestMirror" | "ExtensionRef";
      }[];
      matches?: {
        headers?: {
          name: string;
          type?: "Exact" | "RegularExpression";
          value: string;
        }[];
        method?: {
          method?: string;
          service?: string;
          type?: "Exact" | "RegularExpression";
        };
      }[];
      name?: string;
      sessionPersistence?: {
        absoluteTimeout?: string;
        cookieConfig?: {
          lifetimeType?: "Permanent" | "Session";
        };
        sessionName?: string;
        type?: "Cookie" | "Header";
      };
    }[];
    useDefaultGateways?: "All" | "None";
  };
  status?: {
    parents: {
      conditions: {
        lastTransitionTime: string;
        message: string;
        observedGeneration?: number;
        reason: string;
        status: "True" | "False" | "Unknown";
        type: string;
      }[];
      controllerName: string;
      parentRef: {
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        sectionName?: string;
      };
    }[];
  };
}

/** Gateway API `HTTPRoute`. */
export interface HTTPRoute {
  apiVersion?: string;
  kind?: string;
  metadata?: ResourceMetadata;
  spec: {
    hostnames?: string[];
    parentRefs?: {
      group?: string;
      kind?: string;
      name: string;
      namespace?: string;
      port?: number;
      sectionName?: string;
    }[];
    rules?: {
      backendRefs?: {
        filters?: {
          cors?: {
            allowCredentials?: boolean;
            allowHeaders?: string[];
            allowMethods?: (
              "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "CONNECT" | "OPTIONS" | "TRACE" | "PATCH" | "*"
            )[];
            allowOrigins?: string[];
            exposeHeaders?: string[];
            maxAge?: number;
          };
          extensionRef?: {
            group: string;
            kind: string;
            name: string;
          };
          externalAuth?: {
            backendRef: {
              group?: string;
              kind?: string;
              name: string;
              namespace?: string;
              port?: number;
            };
            forwardBody?: {
              maxSize?: number;
            };
            grpc?: {
              allowedHeaders?: string[];
            };
            http?: {
              allowedHeaders?: string[];
              allowedResponseHeaders?: string[];
              path?: string;
            };
            protocol: "HTTP" | "GRPC";
          };
          requestHeaderModifier?: {
            add?: {
              name: string;
              value: string;
            }[];
            remove?: string[];
            set?: {
              name: string;
              value: string;
            }[];
          };
          requestMirror?: {
            backendRef: {
              group?: string;
              kind?: string;
              name: string;
              namespace?: string;
              port?: number;
            };
            fraction?: {
              denominator?: number;
              numerator: number;
            };
            percent?: number;
          };
          requestRedirect?: {
            hostname?: string;
            path?: {
              replaceFullPath?: string;
              replacePrefixMatch?: string;
              type: "ReplaceFullPath" | "ReplacePrefixMatch";
            };
            port?: number;
            scheme?: "http" | "https";
            statusCode?: 301 | 302 | 303 | 307 | 308;
          };
          responseHeaderModifier?: {
            add?: {
              name: string;
              value: string;
            }[];
            remove?: string[];
            set?: {
              name: string;
              value: string;
            }[];
          };
          type:
            | "RequestHeaderModifier"
            | "ResponseHeaderModifier"
            | "RequestMirror"
            | "RequestRedirect"
            | "URLRewrite"
            | "ExtensionRef"
            | "CORS"
            | "ExternalAuth";
          urlRewrite?: {
            hostname?: string;
            path?: {
              replaceFullPath?: string;
              replacePrefixMatch?: string;
              type: "ReplaceFullPath" | "ReplacePrefixMatch";
            };
          };
        }[];
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        weight?: number;
      }[];
      filters?: {
        cors?: {
          allowCredentials?: boolean;
          allowHeaders?: string[];
          allowMethods?: (
            "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "CONNECT" | "OPTIONS" | "TRACE" | "PATCH" | "*"
          )[];
          allowOrigins?: string[];
          exposeHeaders?: string[];
          maxAge?: number;
        };
        extensionRef?: {
          group: string;
          kind: string;
          name: string;
        };
        externalAuth?: {
          backendRef: {
            group?: string;
            kind?: string;
            name: string;
            namespace?: string;
            port?: number;
          };
          forwardBody?: {
            maxSize?: number;
          };
          grpc?: {
            allowedHeaders?: string[];
          };
          http?: {
            allowedHeaders?: string[];
            allowedResponseHeaders?: string[];
            path?: string;
          };
          protocol: "HTTP" | "GRPC";
        };
        requestHeaderModifier?: {
          add?: {
            name: string;
            value: string;
          }[];
          remove?: string[];
          set?: {
            name: string;
            value: string;
          }[];
        };
        requestMirror?: {
          backendRef: {
            group?: string;
            kind?: string;
            name: string;
            namespace?: string;
            port?: number;
          };
          fraction?: {
            denominator?: number;
            numerator: number;
          };
          percent?: number;
        };
        requestRedirect?: {
          hostname?: string;
          path?: {
            replaceFullPath?: string;
            replacePrefixMatch?: string;
            type: "ReplaceFullPath" | "ReplacePrefixMatch";
          };
          port?: number;
          scheme?: "http" | "https";
          statusCode?: 301 | 302 | 303 | 307 | 308;
        };
        responseHeaderModifier?: {
          add?: {
            name: string;
            value: string;
          }[];
          remove?: string[];
          set?: {
            name: string;
            value: string;
          }[];
        };
        type:
          | "RequestHeaderModifier"
          | "ResponseHeaderModifier"
          | "RequestMirror"
          | "RequestRedirect"
          | "URLRewrite"
          | "ExtensionRef"
          | "CORS"
          | "ExternalAuth";
        urlRewrite?: {
          hostname?: string;
          path?: {
            replaceFullPath?: string;
            replacePrefixMatch?: string;
            type: "ReplaceFullPath" | "ReplacePrefixMatch";
          };
        };
      }[];
      matches?: {
        headers?: {
          name: string;
          type?: "Exact" | "RegularExpression";
          value: string;
        }[];
        method?: "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "CONNECT" | "OPTIONS" | "TRACE" | "PATCH";
        path?: {
          type?: "Exact" | "PathPrefix" | "RegularExpression";
          value?: string;
        };
        queryParams?: {
          name: string;
          type?: "Exact" | "RegularExpression";
          value: string;
        }[];
      }[];
      name?: string;
      retry?: {
        attempts?: number;
        backoff?: string;
        codes?: number[];
      };
      sessionPersistence?: {
        absoluteTimeout?: string;
        cookieConfig?: {
          lifetimeType?: "Permanent" | "Session";
        };
        sessionName?: string;
        type?: "Cookie" | "Header";
      };
      timeouts?: {
        backendRequest?: string;
        request?: string;
      };
    }[];
    useDefaultGateways?: "All" | "None";
  };
  status?: {
    parents: {
      conditions: {
        lastTransitionTime: string;
        message: string;
        observedGeneration?: number;
        reason: string;
        status: "True" | "False" | "Unknown";
        type: string;
      }[];
      controllerName: string;
      parentRef: {
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        sectionName?: string;
      };
    }[];
  };
}

/** Gateway API `ListenerSet`. */
export interface ListenerSet {
  apiVersion?: string;
  kind?: string;
  metadata?: ResourceMetadata;
  spec: {
    listeners: {
      allowedRoutes?: {
        kinds?: {
          group?: string;
          kind: string;
        }[];
        namespaces?: {
          from?: "All" | "Selector" | "Same";
          selector?: {
            matchExpressions?: {
              key: string;
              operator: string;
              values?: string[];
            }[];
            matchLabels?: {
              [k: string]: string;
            };
          };
        };
      };
      hostname?: string;
      name: string;
      port: number;
      protocol: string;
      tls?: {
        certificateRefs?: {
          group?: string;
          kind?: string;
          name: string;
          namespace?: string;
        }[];
        mode?: "Terminate" | "Passthrough";
        options?: {
          [k: string]: string;
        };
      };
    }[];
    parentRef: {
      group?: string;
      kind?: string;
      name: string;
      namespace?: string;
    };
  };
  status?: {
    conditions?: {
      lastTransitionTime: string;
      message: string;
      observedGeneration?: number;
      reason: string;
      status: "True" | "False" | "Unknown";
      type: string;
    }[];
    listeners?: {
      attachedRoutes: number;
      conditions: {
        lastTransitionTime: string;
        message: string;
        observedGeneration?: number;
        reason: string;
        status: "True" | "False" | "Unknown";
        type: string;
      }[];
      name: string;
      supportedKinds?: {
        group?: string;
        kind: string;
      }[];
    }[];
  };
}

/** Gateway API `ReferenceGrant`. */
export interface ReferenceGrant {
  apiVersion?: string;
  kind?: string;
  metadata?: ResourceMetadata;
  spec: {
    from: {
      group: string;
      kind: string;
      namespace: string;
    }[];
    to: {
      group: string;
      kind: string;
      name?: string;
    }[];
  };
}

/** Gateway API `TCPRoute`. */
export interface TCPRoute {
  apiVersion?: string;
  kind?: string;
  metadata?: ResourceMetadata;
  spec: {
    parentRefs?: {
      group?: string;
      kind?: string;
      name: string;
      namespace?: string;
      port?: number;
      sectionName?: string;
    }[];
    rules: {
      backendRefs: {
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        weight?: number;
      }[];
      name?: string;
    }[];
    useDefaultGateways?: "All" | "None";
  };
  status?: {
    parents: {
      conditions: {
        lastTransitionTime: string;
        message: string;
        observedGeneration?: number;
        reason: string;
        status: "True" | "False" | "Unknown";
        type: string;
      }[];
      controllerName: string;
      parentRef: {
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        sectionName?: string;
      };
    }[];
  };
}

/** Gateway API `TLSRoute`. */
export interface TLSRoute {
  apiVersion?: string;
  kind?: string;
  metadata?: ResourceMetadata;
  spec: {
    hostnames: string[];
    parentRefs?: {
      group?: string;
      kind?: string;
      name: string;
      namespace?: string;
      port?: number;
      sectionName?: string;
    }[];
    rules: {
      backendRefs: {
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        weight?: number;
      }[];
      name?: string;
    }[];
    useDefaultGateways?: "All" | "None";
  };
  status?: {
    parents: {
      conditions: {
        lastTransitionTime: string;
        message: string;
        observedGeneration?: number;
        reason: string;
        status: "True" | "False" | "Unknown";
        type: string;
      }[];
      controllerName: string;
      parentRef: {
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        sectionName?: string;
      };
    }[];
  };
}

/** Gateway API `UDPRoute`. */
export interface UDPRoute {
  apiVersion?: string;
  kind?: string;
  metadata?: ResourceMetadata;
  spec: {
    parentRefs?: {
      group?: string;
      kind?: string;
      name: string;
      namespace?: string;
      port?: number;
      sectionName?: string;
    }[];
    rules: {
      backendRefs: {
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        weight?: number;
      }[];
      name?: string;
    }[];
    useDefaultGateways?: "All" | "None";
  };
  status?: {
    parents: {
      conditions: {
        lastTransitionTime: string;
        message: string;
        observedGeneration?: number;
        reason: string;
        status: "True" | "False" | "Unknown";
        type: string;
      }[];
      controllerName: string;
      parentRef: {
        group?: string;
        kind?: string;
        name: string;
        namespace?: string;
        port?: number;
        sectionName?: string;
      };
    }[];
  };
}
