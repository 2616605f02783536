// Command origin answers with what it was asked, over HTTP/1.1 and HTTP/2 with prior knowledge.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{
		Addr:      os.Args[1],
		Protocols: protocols,
		Handler: http.HandlerFunc(func(answer http.ResponseWriter, asked *http.Request) {
			length, err := io.Copy(io.Discard, asked.Body)
			if err != nil {
				http.Error(answer, err.Error(), http.StatusBadRequest)
				return
			}
			answer.Header().Set("Trailer", "X-Length")
			fmt.Fprintf(answer, "%s %s %s %d\n", asked.Proto, asked.Method, asked.URL.RequestURI(), length)
			answer.Header().Set("X-Length", fmt.Sprint(length))
		}),
	}
	log.Fatal(server.ListenAndServe())
}
