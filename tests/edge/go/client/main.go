// Command client asks for a URL over the version of HTTP it is told, trusting one certificate, and prints what came.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	pem, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	protocols := new(http.Protocols)
	protocols.SetHTTP1(os.Args[2] == "1")
	protocols.SetHTTP2(os.Args[2] == "2")
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, Protocols: protocols}
	for range 3 {
		response, err := (&http.Client{Transport: transport}).Get(os.Args[3])
		if err != nil {
			log.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			log.Fatal(err)
		}
		response.Body.Close()
		fmt.Printf("%s %d %s", response.Proto, response.StatusCode, body)
	}
}
