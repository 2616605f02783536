module ghost-gateway.io/tests/edge

go 1.26
