//go:build suite

// Package conformance pins the official suite: its tests are built from the module's own package with `go test -c`.
package conformance

import _ "sigs.k8s.io/gateway-api/conformance"
