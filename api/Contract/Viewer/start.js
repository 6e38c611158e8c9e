SwaggerUIBundle({
  url: "/openapi/v1.json",
  dom_id: "#document",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  persistAuthorization: false,
  tagsSorter: "alpha",
  tryItOutEnabled: true,
  validatorUrl: null,
});
