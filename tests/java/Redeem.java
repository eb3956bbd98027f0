import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.JWTBearerGrant;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.JWTAuthenticationClaimsSet;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Redeems one ID-JAG three times, the first with a client assertion for the token endpoint, and prints what Nimbus reads. */
class Redeem {
    public static void main(String[] arguments) throws Exception {
        var key = ECKey.parse(Files.readString(Path.of(System.getenv("KEY"))));
        var client = new ClientID(System.getenv("CLIENT_THERE"));
        var issuer = new Issuer(System.getenv("ISSUER"));
        var endpoint = AuthorizationServerMetadata.resolve(issuer).getTokenEndpointURI();
        var grant = new JWTBearerGrant(SignedJWT.parse(System.getenv("ID_JAG")));
        for (var audience : List.of(new Audience(endpoint), new Audience(issuer), new Audience(issuer))) {
            var claims = new JWTAuthenticationClaimsSet(client, audience);
            var authentication = new PrivateKeyJWT(claims, JWSAlgorithm.ES256, key.toPrivateKey(), key.getKeyID(), null);
            var http = new TokenRequest.Builder(endpoint, authentication, grant).build().toHTTPRequest().send();
            var response = TokenResponse.parse(http);
            if (response.indicatesSuccess()) {
                var token = response.toSuccessResponse().getTokens().getAccessToken();
                System.out.println(token.getType() + " " + token.getLifetime() + " " + token.getScope());
            } else {
                System.out.println(http.getStatusCode() + " " + response.toErrorResponse().getErrorObject().getCode());
            }
        }
    }
}
