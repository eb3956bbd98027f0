// Redeems one ID-JAG and prints what golang.org/x/oauth2 makes of the response.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/url"
	"os"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

var styles = map[string]oauth2.AuthStyle{
	"header": oauth2.AuthStyleInHeader,
	"params": oauth2.AuthStyleInParams,
	"detect": oauth2.AuthStyleAutoDetect,
}

func main() {
	redeem := clientcredentials.Config{
		ClientID:     os.Getenv("CLIENT_THERE"),
		ClientSecret: os.Getenv("SECRET_THERE"),
		TokenURL:     os.Getenv("ISSUER") + "/token",
		AuthStyle:    styles[os.Getenv("STYLE")],
		EndpointParams: url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"},
			"assertion":  {os.Getenv("ID_JAG")},
		},
	}
	token, err := redeem.Token(context.Background())
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		fmt.Println(refused.Response.StatusCode, refused.ErrorCode, refused.Response.Header.Get("Crosswalk-Decision"))
		os.Exit(1)
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token.Type(), time.Until(token.Expiry).Round(time.Minute), token.Extra("scope"))
}
