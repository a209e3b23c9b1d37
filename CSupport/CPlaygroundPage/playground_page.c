#include "CPlaygroundPage.h"

// #embed is C23; clang has it in every mode since version 19.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "page/index.html"
};
static const unsigned char style_css[] = {
#embed "page/style.css"
};
static const unsigned char app_js[] = {
#embed "page/app.js"
};
static const unsigned char connection_js[] = {
#embed "page/connection.js"
};
static const unsigned char elements_js[] = {
#embed "page/elements.js"
};
static const unsigned char numbers_js[] = {
#embed "page/numbers.js"
};
static const unsigned char state_js[] = {
#embed "page/state.js"
};
static const unsigned char export_js[] = {
#embed "page/export.js"
};
static const unsigned char expression_js[] = {
#embed "page/rooms/expression.js"
};
static const unsigned char fields_js[] = {
#embed "page/rooms/fields.js"
};
static const unsigned char graph_js[] = {
#embed "page/rooms/graph.js"
};
static const unsigned char nudge_js[] = {
#embed "page/rooms/nudge.js"
};
static const unsigned char network_js[] = {
#embed "page/rooms/network.js"
};
static const unsigned char network_controls_js[] = {
#embed "page/rooms/network-controls.js"
};
static const unsigned char field_js[] = {
#embed "page/rooms/field.js"
};
static const unsigned char curves_js[] = {
#embed "page/rooms/curves.js"
};
static const unsigned char layers_js[] = {
#embed "page/rooms/layers.js"
};
static const unsigned char walk_js[] = {
#embed "page/rooms/walk.js"
};
static const unsigned char packed_js[] = {
#embed "page/rooms/packed.js"
};
static const unsigned char fit_js[] = {
#embed "page/rooms/fit.js"
};
static const unsigned char chart_js[] = {
#embed "page/rooms/chart.js"
};
static const unsigned char fit_examples_js[] = {
#embed "page/rooms/fit-examples.js"
};
static const unsigned char fit_parameters_js[] = {
#embed "page/rooms/fit-parameters.js"
};

#define HTML "text/html; charset=utf-8"
#define CSS "text/css; charset=utf-8"
#define MODULE "text/javascript; charset=utf-8"

static const mg_page_file files[] = {
    {"index.html", HTML, index_html, sizeof index_html},
    {"style.css", CSS, style_css, sizeof style_css},
    {"app.js", MODULE, app_js, sizeof app_js},
    {"connection.js", MODULE, connection_js, sizeof connection_js},
    {"elements.js", MODULE, elements_js, sizeof elements_js},
    {"numbers.js", MODULE, numbers_js, sizeof numbers_js},
    {"state.js", MODULE, state_js, sizeof state_js},
    {"export.js", MODULE, export_js, sizeof export_js},
    {"rooms/expression.js", MODULE, expression_js, sizeof expression_js},
    {"rooms/fields.js", MODULE, fields_js, sizeof fields_js},
    {"rooms/graph.js", MODULE, graph_js, sizeof graph_js},
    {"rooms/nudge.js", MODULE, nudge_js, sizeof nudge_js},
    {"rooms/network.js", MODULE, network_js, sizeof network_js},
    {"rooms/network-controls.js", MODULE, network_controls_js, sizeof network_controls_js},
    {"rooms/field.js", MODULE, field_js, sizeof field_js},
    {"rooms/curves.js", MODULE, curves_js, sizeof curves_js},
    {"rooms/layers.js", MODULE, layers_js, sizeof layers_js},
    {"rooms/walk.js", MODULE, walk_js, sizeof walk_js},
    {"rooms/packed.js", MODULE, packed_js, sizeof packed_js},
    {"rooms/fit.js", MODULE, fit_js, sizeof fit_js},
    {"rooms/chart.js", MODULE, chart_js, sizeof chart_js},
    {"rooms/fit-examples.js", MODULE, fit_examples_js, sizeof fit_examples_js},
    {"rooms/fit-parameters.js", MODULE, fit_parameters_js, sizeof fit_parameters_js},
};

size_t mg_page_file_count(void) { return sizeof files / sizeof files[0]; }

mg_page_file mg_page_file_at(size_t index) { return files[index]; }
