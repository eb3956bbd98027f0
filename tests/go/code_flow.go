// Calls an MCP server as an ordinary OAuth client, which the user allows on the consent page: registered before, or by
// itself (RFC 7591).
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
)

func main() {
	config := &auth.AuthorizationCodeHandlerConfig{
		RedirectURL:              os.Getenv("REDIRECT_URI"),
		AuthorizationCodeFetcher: openBrowser,
	}
	if id := os.Getenv("CLIENT_THERE"); id != "" {
		secret := &oauthex.ClientSecretAuth{ClientSecret: os.Getenv("SECRET_THERE")}
		config.PreregisteredClient = &oauthex.ClientCredentials{ClientID: id, ClientSecretAuth: secret}
	} else {
		metadata := &oauthex.ClientRegistrationMetadata{ClientName: "Go", RedirectURIs: []string{config.RedirectURL}}
		config.DynamicClientRegistrationConfig = &auth.DynamicClientRegistrationConfig{Metadata: metadata}
	}
	handler, err := auth.NewAuthorizationCodeHandler(config)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	client := mcp.NewClient(&mcp.Implementation{Name: "editor", Version: "1.0.0"}, nil)
	transport := &mcp.StreamableClientTransport{Endpoint: os.Getenv("RESOURCE"), OAuthHandler: handler}
	session, err := client.Connect(ctx, transport, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "list_todos"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Content[0].(*mcp.TextContent).Text)
}

// openBrowser gets the address to which the user returns from the browser of the test.
func openBrowser(_ context.Context, request *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
	response, err := http.Get(os.Getenv("BROWSER") + "?open=" + url.QueryEscape(request.URL))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	address, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	returned, err := url.Parse(string(address))
	if err != nil {
		return nil, err
	}
	query := returned.Query()
	return &auth.AuthorizationResult{Code: query.Get("code"), State: query.Get("state"), Iss: query.Get("iss")}, nil
}
