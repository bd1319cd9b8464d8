package org.elasticsearch.xpack.kql.parser;

import org.antlr.v4.runtime.ANTLRErrorListener;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CommonTokenStream;

/** Elasticsearch keeps its grammar of KQL to this package. */
public class Kql {
    public static void parse(CharStream text, ANTLRErrorListener faults) {
        var lexer = new KqlBaseLexer(text);
        var parser = new KqlBaseParser(new CommonTokenStream(lexer));
        lexer.removeErrorListeners();
        parser.removeErrorListeners();
        lexer.addErrorListener(faults);
        parser.addErrorListener(faults);
        parser.topLevelQuery();
    }
}
